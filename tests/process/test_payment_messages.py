"""Messages of the payment provider that come early, again or late: one payment, one mail, no task."""

from uuid import uuid4

from tests.bank.system import decide, in_books
from tests.factories.engine_refunds import (
    SUPERVISOR,
    ask,
    broken,
    completed_order,
    ended,
    mails_about_refunds,
    rows,
    send_event,
)
from tests.factories.waits import capture_declined_once, ready_to_ship
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

PAID = "Your refund for order N"


def requested(shop: Shop, number: str) -> str:
    """The key of the request that is on its way to the provider."""
    query = (
        "SELECT t.id::text FROM payment_transactions t JOIN refunds r ON r.id = t.refund_id"
        " WHERE r.number = %s AND t.status = 'requested'"
    )
    return str(wait_until(lambda: shop.sql(query, number), what="the request")[0][0])


def outcomes(shop: Shop, key: str, count: int) -> list[str]:
    query = "SELECT outcome FROM payment_events WHERE key = %s AND handled_at IS NOT NULL ORDER BY received_at"
    wait_until(lambda: len(shop.sql(query, key)) == count, what=f"{count} messages carried out")
    return [outcome for (outcome,) in shop.sql(query, key)]


def tasks(shop: Shop, business_key: str) -> list[Json]:
    return list(shop.engine("GET", "/task", processInstanceBusinessKey=business_key))


def test_a_message_before_the_answer_and_again_after_a_later_refund_pays_and_tells_once(shop: Shop) -> None:
    order = completed_order(shop, token="tok_slow")
    number = ask(shop, order, items=broken(1))
    key = requested(shop, number)
    send_event(shop, "refund_done", key)
    assert outcomes(shop, key, 1) == ["carried_out"]
    ended(shop, number, "paid")
    assert mails_about_refunds(shop, order) == [PAID]
    later = ask(shop, order, items=broken(1))
    ended(shop, later, "paid")

    send_event(shop, "refund_done", key)

    assert outcomes(shop, key, 2) == ["carried_out", "no_news"]
    assert [*rows(shop, number), *rows(shop, later)] == [("refund", "done", "10.00")] * 2
    assert mails_about_refunds(shop, order) == [PAID] * 2
    assert tasks(shop, order["number"]) == tasks(shop, number) == tasks(shop, later) == []


def test_a_capture_that_is_reported_after_it_was_written_off_is_no_loss_and_needs_no_task(shop: Shop) -> None:
    order = capture_declined_once(shop)
    shop.decide(order["id"], "usertask_capture_declined", SUPERVISOR, "write_off")
    shop.deliver_all(order)
    shop.wait_for_status(order["id"], "completed")
    [key] = [row["id"] for row in shop.order(order["id"])["payments"] if row["kind"] == "capture"]

    decide(shop.system, key, approved=True)
    for _ in range(2):
        send_event(shop, "capture_done", key)

    # Two that arrive together are handled in either order.
    assert sorted(outcomes(shop, key, 2)) == ["carried_out", "no_news"]
    bill = shop.order(order["id"])["bill"]
    assert (bill["captured"], bill["written_off"], bill["outstanding"]) == ("10.00", "0.00", "0.00")
    assert (mails_about_refunds(shop, order), tasks(shop, order["number"])) == ([], [])
    assert shop.order(order["id"])["refunds"] == []


def test_what_a_provider_captured_with_the_authorization_goes_back_when_the_order_is_canceled(
    shop: Shop, idle_warehouse: None
) -> None:
    order = ready_to_ship(shop)
    captured_at_once(shop, order)

    shop.cancel(order["id"])

    shop.wait_for_status(order["id"], "canceled")
    number = f"{order['number']}-F1"
    assert ended(shop, number, "paid")["reason"] == "captured_beyond_bill"
    assert rows(shop, number) == [("refund", "done", "10.00")]
    bill = shop.order(order["id"])["bill"]
    assert (bill["captured"], bill["refunded"], bill["outstanding"]) == ("10.00", "10.00", "0.00")
    assert mails_about_refunds(shop, order) == [PAID]
    assert tasks(shop, order["number"]) == tasks(shop, number) == []


def captured_at_once(shop: Shop, order: Json) -> None:
    """The provider and we know of a capture that no parcel asked for."""
    [authorized] = [row["id"] for row in shop.order(order["id"])["payments"]]
    key = str(uuid4())
    books = (
        "INSERT INTO simulator_payments (key, kind, token, parent_key, amount, approved, at)"
        " SELECT %s, 'capture', token, key, amount, true, at FROM simulator_payments WHERE key = %s"
    )
    ours = (
        "INSERT INTO payment_transactions (id, order_id, tender_id, kind, parent_id, amount, currency, status,"
        " reference, requested_at, settled_at) SELECT %s, order_id, tender_id, 'capture', id, amount, currency,"
        " status, %s, requested_at, settled_at FROM payment_transactions WHERE id = %s"
    )
    in_books(shop.system, books, key, authorized)
    shop.sql(ours, key, key, authorized)
