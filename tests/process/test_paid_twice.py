"""The task *Paid twice* on the real engine, for an order that has closed: every path of `refund-paid-twice`."""

import pytest

from tests.bank.system import decide
from tests.factories.engine_refunds import SUPERVISOR, TWICE, refund, send_event
from tests.factories.outcomes import lose, start_anew
from tests.factories.refund_waits import paid_twice
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

PROCESS = "refund-paid-twice"
SUMS = ("refunded", "written_off", "outstanding")


def waiting(shop: Shop) -> tuple[Json, str, str]:
    """A closed order, its refund that was paid twice, and the payment that the provider had declined before."""
    order, number = paid_twice(shop)
    shop.wait_for_task(number, TWICE)
    return order, number, str(refund(shop, number)["payments"][0]["id"])


def sums(shop: Shop, order: Json) -> tuple[str, ...]:
    bill = shop.order(order["id"])["bill"]
    return tuple(bill[name] for name in SUMS)


@pytest.mark.parametrize(
    ("decision", "expected"),
    [("came_back", ("10.00", "0.00", "0.00")), ("written_off", ("20.00", "10.00", "0.00"))],
)
def test_a_supervisor_says_what_became_of_the_money(shop: Shop, decision: str, expected: tuple[str, str, str]) -> None:
    order, number, _ = waiting(shop)
    assert sums(shop, order) == ("20.00", "0.00", "10.00")

    shop.decide(number, TWICE, SUPERVISOR, decision, "BANK-2")

    shop.wait_until_ended(number)
    assert sums(shop, order) == expected
    assert shop.order(order["id"])["status"] == "completed"


def test_the_form_shows_the_surplus_and_only_supervisors_see_the_task(shop: Shop) -> None:
    _, number, _ = waiting(shop)

    task = shop.wait_for_task(number, TWICE)
    variables = shop.engine("GET", f"/task/{task['id']}/form-variables")
    groups = {link["groupId"] for link in shop.engine("GET", f"/task/{task['id']}/identity-links")}

    assert (variables["refund_surplus"]["value"], variables["currency"]["value"]) == ("10.00", "USD")
    assert groups == {"csr-admin"}


def test_the_task_ends_when_the_bank_sends_the_money_back(shop: Shop) -> None:
    order, number, declined = waiting(shop)

    decide(shop.system, declined, approved=False)
    send_event(shop, "refund_failed", declined)

    shop.wait_until_ended(number)
    assert sums(shop, order) == ("10.00", "0.00", "0.00")
    assert [each["number"] for each in shop.order(order["id"])["refunds"]] == [number]


def test_a_task_that_takes_too_long_is_overdue_until_it_is_decided(shop: Shop) -> None:
    order, number, _ = waiting(shop)

    shop.fire_timer(number, "event_paid_twice_overdue")
    shop.wait_until_passed(number, "task_mark_overdue")
    shop.decide(number, TWICE, SUPERVISOR, "came_back", "BANK-2")

    shop.wait_until_ended(number)
    events = [event["event"] for event in shop.history(order["id"]) if event["details"].get("about") == number]
    assert {"order.overdue", "order.overdue_ended"} <= set(events)


def test_a_process_that_is_lost_ends_when_nothing_is_left(shop: Shop) -> None:
    order, number, declined = waiting(shop)
    lose(shop, {"number": number}, PROCESS)
    send_event(shop, "refund_failed", declined)
    wait_until(lambda: sums(shop, order) == ("10.00", "0.00", "0.00"), what="the message carried out")
    start_anew(shop, {"number": number}, PROCESS)

    wait_until(lambda: runs(shop, number) == 2 and not shop.instances(number), what="the second process, and its end")
    left = "SELECT name FROM outbox WHERE business_key = %s AND state = 'pending' AND lane = 'engine'"
    wait_until(lambda: shop.sql(left, number) == [], what="no message left over")


def runs(shop: Shop, number: str) -> int:
    asked = {"processInstanceBusinessKey": number, "processDefinitionKey": PROCESS}
    return len(shop.engine("GET", "/history/process-instance", **asked))
