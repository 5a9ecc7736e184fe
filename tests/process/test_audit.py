"""`order-service audit` compares the orders with the engine: each contradiction, planted once, is found by its name."""

from click.testing import CliRunner

from order_api.cli import main
from tests.bank.system import decide, in_books
from tests.factories.engine_refunds import ask, broken, completed_order
from tests.factories.outcomes import settings_of
from tests.factories.waits import CSR, capture_declined_once, ready_to_ship, unexplained
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until


def findings(shop: Shop, order: Json) -> list[str]:
    """The rules that the order breaks; the command is run in this process to spare the start of another."""
    with settings_of(shop):
        result = CliRunner().invoke(main, ["audit"])
    begins = f"{order['number']}: "
    lines = [line.removeprefix(begins) for line in result.output.splitlines() if line.startswith(begins)]
    assert result.exit_code == (0 if result.output.endswith("Findings: 0.\n") else 1), result.output
    return [line.partition(":")[0] for line in lines]


def delivered_soon(shop: Shop) -> Json:
    """Everything has left and is captured; the delivery is awaited."""
    order = ready_to_ship(shop)
    shop.ship(order)
    wait_until(lambda: shop.order(order["id"])["bill"]["outstanding"] == "0.00", what="the capture")
    wait_until(lambda: not shop.sql("SELECT 1 FROM shipments WHERE order_id = %s AND settled_at IS NULL", order["id"]))
    return order


def test_a_closed_order_must_have_no_running_process(shop: Shop) -> None:
    order = delivered_soon(shop)
    assert findings(shop, order) == []

    shop.sql("UPDATE orders SET closed_at = now() - interval '2 minutes' WHERE id = %s", order["id"])

    assert findings(shop, order) == ["running process of a closed order"]


def test_an_order_with_open_units_must_have_a_running_process(shop: Shop) -> None:
    order = ready_to_ship(shop)
    assert findings(shop, order) == []
    asked = {"businessKey": order["number"], "processDefinitionKey": "order-submit"}
    [process] = shop.engine("GET", "/process-instance", **asked)

    shop.engine("DELETE", f"/process-instance/{process['id']}")

    assert findings(shop, order) == ["process ended with open units"]


def test_a_refund_has_a_running_process_until_it_is_over(shop: Shop) -> None:
    order = completed_order(shop, token="tok_pending_refund")
    number = ask(shop, order, items=broken(1))
    shop.wait_for_activity(number, "wait_for_gateway")
    refund = {"number": number}
    assert findings(shop, refund) == []

    long_ago = "ended_at = now() - interval '1 hour', decided_at = now() - interval '1 hour'"
    shop.sql(f"UPDATE refunds SET state = 'paid', {long_ago} WHERE number = %s", number)
    too_long = findings(shop, refund)
    shop.sql("UPDATE refunds SET state = 'paying', ended_at = NULL WHERE number = %s", number)
    [process] = shop.engine("GET", "/process-instance", businessKey=number)
    shop.engine("DELETE", f"/process-instance/{process['id']}")

    assert "running process of a refund that is over" in too_long
    assert findings(shop, refund) == ["process ended before its refund"]


def test_the_bank_must_have_booked_the_same_amount(shop: Shop) -> None:
    order = delivered_soon(shop)
    [captured] = [row["id"] for row in shop.order(order["id"])["payments"] if row["kind"] == "capture"]

    in_books(shop.system, "UPDATE simulator_payments SET amount = amount - 1 WHERE key = %s", captured)
    one_less = findings(shop, order)
    decide(shop.system, captured, approved=False)

    assert (one_less, findings(shop, order)) == (["another amount at the gateway"], ["the gateway does not confirm"])


def test_outstanding_money_must_have_a_task(shop: Shop) -> None:
    order = delivered_soon(shop)

    shop.sql("UPDATE orders SET grand_total = grand_total + 1, charges_total = 1 WHERE id = %s", order["id"])

    assert findings(shop, order) == ["outstanding without a task"]


def test_outstanding_money_with_a_task_is_no_finding(shop: Shop) -> None:
    order = unexplained(shop)
    shop.wait_for_task(order["id"], "usertask_money_unexplained")

    assert findings(shop, order) == ["adjustment without cause", "worth and bill differ"]


def test_a_parcel_that_stays_unpaid_must_have_a_task(shop: Shop) -> None:
    declined, forgotten = capture_declined_once(shop), delivered_soon(shop)
    shop.wait_for_task(declined["id"], "usertask_capture_declined")
    for order in (declined, forgotten):
        long_ago = "shipped_at = now() - interval '2 hours', settled_at = NULL"
        shop.sql(f"UPDATE shipments SET {long_ago} WHERE order_id = %s", order["id"])

    assert findings(shop, declined) == []
    assert findings(shop, forgotten) == ["unpaid parcel without a task"]
    shop.decide(declined["id"], "usertask_capture_declined", CSR, "retry")
