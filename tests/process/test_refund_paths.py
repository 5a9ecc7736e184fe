"""Every path of `order-refund` on the real engine: approval, payment, refusal, transfer outside."""

from pathlib import Path

import pytest

from tests.bank.system import in_books
from tests.factories.engine_refunds import (
    APPROVE,
    CSR,
    OUTSIDE,
    REFUSED,
    SUPERVISOR,
    ask,
    broken,
    completed_order,
    ended,
    mails_about_refunds,
    refund,
    rows,
    send_event,
    token_of,
)
from tests.fixtures.designer import change, copy_of_our_models, deployed
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import WAREHOUSE_KEY, wait_until

APPROVAL_TABLE = Path("decisions") / "refund-approval.dmn"
PAID = "Your refund for order N"
ON_ITS_WAY = "Your refund for order N is on its way"


def bill(shop: Shop, order: Json) -> tuple[str, str, str]:
    sums = shop.order(order["id"])["bill"]
    return sums["due"], sums["refunded"], sums["outstanding"]


def dear_order(shop: Shop, token: str = "tok_approve") -> Json:
    """Two units of 80.00; both together are above the limit of the table."""
    return completed_order(shop, quantity=2, unit_price="80.00", token=token)


def decided(shop: Shop, order: Json) -> list[tuple[str, str]]:
    events = [e for e in shop.history(order["id"]) if e["event"].startswith("decision.")]
    return [(event["event"], event["details"]["decision"]) for event in events]


def test_a_small_refund_is_paid_at_once_and_the_customer_reads_it(shop: Shop) -> None:
    order = completed_order(shop)

    number = ask(shop, order, items=broken(1))

    paid = ended(shop, number, "paid")
    assert number == f"{order['number']}-F1"
    assert (paid["approval"], paid["decided_by"]) == ("at_once", None)
    assert rows(shop, number) == [("refund", "done", "10.00")]
    assert bill(shop, order) == ("20.00", "10.00", "0.00")
    assert mails_about_refunds(shop, order) == [PAID]
    assert shop.order(order["id"])["status"] == "completed"


def test_a_supervisor_grants_a_large_refund_which_holds_its_units_until_then(shop: Shop) -> None:
    order = dear_order(shop)
    number = ask(shop, order, token_of(shop, CSR), items=broken(2))
    shop.wait_for_task(number, APPROVE)
    held = rows(shop, number), bill(shop, order), refund(shop, number)["state"]
    again = shop.call("POST", f"/v1/orders/{order['id']}/refunds/preview", {"items": broken(1)})

    shop.decide(number, APPROVE, SUPERVISOR, "grant_refund", "Saw the photos.")

    paid = ended(shop, number, "paid")
    assert held == ([("refund", "held", "160.00")], ("160.00", "0.00", "0.00"), "needs_approval")
    assert (again.status_code, again.json()["code"], again.json()["free_units"]) == (409, "more_than_remains", 0)
    assert (paid["decided_by"], paid["decision_reason"]) == (SUPERVISOR, "Saw the photos.")
    assert paid["approval_words"] == "The amount is above the limit."
    assert bill(shop, order) == ("0.00", "160.00", "0.00")
    assert mails_about_refunds(shop, order) == [PAID]


def test_the_person_who_asked_cannot_approve(shop: Shop) -> None:
    order = completed_order(shop, quantity=1, unit_price="600.00")
    number = ask(shop, order, token_of(shop, SUPERVISOR), items=broken(1))
    first = shop.wait_for_task(number, APPROVE)

    shop.decide(number, APPROVE, SUPERVISOR, "grant_refund")

    wait_until(lambda: shop.wait_for_task(number, APPROVE)["id"] != first["id"], what="the task again")
    assert decided(shop, order) == [("decision.refused", "grant_refund")]
    assert refund(shop, number)["state"] == "needs_approval"
    refusal = next(e for e in shop.history(order["id"]) if e["event"] == "decision.refused")
    assert refusal["details"]["refused"] == "the person has asked for it, so another one must decide"


def test_a_supervisor_lowers_a_price_reduction(shop: Shop) -> None:
    order = dear_order(shop)
    number = ask(shop, order, price_reductions=[{"line_id": "1", "amount": "120.00"}], reason="not_as_described")
    task = shop.wait_for_task(number, APPROVE)
    shop.repeated("POST", f"/task/{task['id']}/claim", {"userId": SUPERVISOR}, SUPERVISOR)

    decision = {"decision": {"value": "lower_refund"}, "decision_reason": {"value": "A third."}}
    shop.submit(task["id"], {**decision, "granted_amount": {"value": "50.00"}}, SUPERVISOR)

    ended(shop, number, "paid")
    assert rows(shop, number) == [("refund", "withdrawn", "120.00"), ("refund", "done", "50.00")]
    assert bill(shop, order) == ("110.00", "50.00", "0.00")


def test_units_cannot_be_lowered_so_the_task_comes_again(shop: Shop) -> None:
    order = dear_order(shop)
    number = ask(shop, order, items=broken(2))
    first = shop.wait_for_task(number, APPROVE)
    shop.repeated("POST", f"/task/{first['id']}/claim", {"userId": SUPERVISOR}, SUPERVISOR)
    decision = {"decision": {"value": "lower_refund"}, "decision_reason": {"value": "Half."}}
    shop.submit(first["id"], {**decision, "granted_amount": {"value": "80.00"}}, SUPERVISOR)
    wait_until(lambda: shop.wait_for_task(number, APPROVE)["id"] != first["id"], what="the task again")

    shop.decide(number, APPROVE, SUPERVISOR, "refuse_refund", "No photos.")

    refused = ended(shop, number, "refused")
    assert (refused["decided_by"], refused["decision_reason"]) == (SUPERVISOR, "No photos.")
    assert rows(shop, number) == [("refund", "withdrawn", "160.00")]
    assert bill(shop, order) == ("160.00", "0.00", "0.00")
    assert mails_about_refunds(shop, order) == []


def test_a_refund_that_waits_is_canceled_and_its_units_are_free_again(shop: Shop) -> None:
    order = dear_order(shop)
    number = ask(shop, order, items=broken(2))
    shop.wait_for_task(number, APPROVE)

    answer = shop.call("POST", f"/v1/refunds/{number}/cancel", {"reason": "The customer found it."})

    assert answer.status_code == 200, answer.text
    ended(shop, number, "canceled")
    assert bill(shop, order) == ("160.00", "0.00", "0.00")
    assert ask(shop, order, items=broken(1)) == f"{order['number']}-F2"


def test_a_refund_that_the_provider_declines_is_tried_again(shop: Shop) -> None:
    order = completed_order(shop, token="tok_decline_refund_once")
    number = ask(shop, order, items=broken(1))

    shop.decide(number, REFUSED, CSR, "retry_refund", "The bank says yes now.")

    ended(shop, number, "paid")
    assert rows(shop, number) == [("refund", "declined", "10.00"), ("refund", "done", "10.00")]
    assert bill(shop, order) == ("20.00", "10.00", "0.00")
    assert mails_about_refunds(shop, order) == [PAID]


def test_a_refund_that_the_provider_never_makes_is_paid_outside_and_booked_by_a_supervisor(shop: Shop) -> None:
    order = completed_order(shop, token="tok_decline_refund")
    number = ask(shop, order, items=broken(1))
    shop.decide(number, REFUSED, CSR, "pay_outside", "The card was closed.")
    first = shop.wait_for_task(number, OUTSIDE)
    assert bill(shop, order) == ("20.00", "0.00", "-10.00")

    shop.decide(number, OUTSIDE, CSR, "booked", "BANK-4711")
    wait_until(lambda: shop.wait_for_task(number, OUTSIDE)["id"] != first["id"], what="the task again")
    shop.decide(number, OUTSIDE, SUPERVISOR, "booked", "BANK-4711")

    paid = ended(shop, number, "paid")
    assert rows(shop, number) == [("refund", "declined", "10.00"), ("transfer_outside", "done", "10.00")]
    assert paid["payments"][1]["reference"] == "BANK-4711"
    assert bill(shop, order) == ("20.00", "10.00", "0.00")
    assert mails_about_refunds(shop, order) == [PAID]


def test_a_refund_to_be_paid_outside_is_booked_over_the_api(shop: Shop) -> None:
    order = completed_order(shop)
    number = ask(shop, order, items=broken(1), destination="outside")
    shop.wait_for_task(number, OUTSIDE)
    path, booking = f"/v1/refunds/{number}/bookings", {"reference": "TILL-7"}

    forbidden = shop.call("POST", path, booking, WAREHOUSE_KEY)
    answers = [shop.call("POST", path, booking, token_of(shop, SUPERVISOR)) for _ in range(2)]

    assert forbidden.status_code == 403
    assert [answer.status_code for answer in answers] == [201, 201]
    ended(shop, number, "paid")
    assert rows(shop, number) == [("transfer_outside", "done", "10.00")]
    other = shop.call("POST", path, {"reference": "TILL-8"}, token_of(shop, SUPERVISOR))
    assert (other.status_code, other.json()["code"]) == (409, "nothing_to_book")


def test_a_refund_that_the_provider_decides_later_is_asked_about_and_the_customer_told_both_times(shop: Shop) -> None:
    order = completed_order(shop, token="tok_pending_refund")
    number = ask(shop, order, items=broken(1))
    shop.wait_for_activity(number, "wait_for_gateway")
    assert rows(shop, number) == [("refund", "pending", "10.00")]
    assert bill(shop, order) == ("20.00", "0.00", "-10.00")

    in_books(shop.system, "UPDATE simulator_payments SET decides_at = now() WHERE decides_at IS NOT NULL")
    shop.fire_timer(number, "event_ask_again")

    ended(shop, number, "paid")
    assert rows(shop, number) == [("refund", "done", "10.00")]
    assert bill(shop, order) == ("20.00", "10.00", "0.00")
    assert mails_about_refunds(shop, order) == [ON_ITS_WAY, PAID]


def test_the_message_of_the_provider_ends_the_wait(shop: Shop) -> None:
    order = completed_order(shop, token="tok_pending_refund")
    number = ask(shop, order, items=broken(1))
    shop.wait_for_activity(number, "wait_for_gateway")

    send_event(shop, "refund_done", refund(shop, number)["payments"][0]["id"])

    ended(shop, number, "paid")
    assert mails_about_refunds(shop, order) == [ON_ITS_WAY, PAID]


def test_a_refund_that_the_bank_sends_back_is_paid_outside_by_a_second_refund(shop: Shop) -> None:
    order = completed_order(shop, token="tok_fail_refund_later")
    number = ask(shop, order, items=broken(1))
    key = ended(shop, number, "paid")["payments"][0]["id"]

    send_event(shop, "refund_failed", key, decline_code="account_closed")

    second = f"{order['number']}-F2"
    wait_until(lambda: shop.call("GET", f"/v1/refunds/{second}").status_code == 200, what="the second refund")
    shop.decide(second, REFUSED, CSR, "pay_outside", "Asked for the new account.")
    shop.decide(second, OUTSIDE, SUPERVISOR, "booked", "BANK-12")
    ended(shop, second, "paid")
    assert rows(shop, second) == [("refund", "declined", "10.00"), ("transfer_outside", "done", "10.00")]
    assert bill(shop, order) == ("20.00", "10.00", "0.00")
    assert mails_about_refunds(shop, order) == [PAID, f"{PAID} did not arrive", PAID]


def test_a_designer_changes_the_table_and_preview_and_flow_say_so(shop: Shop, tmp_path: Path) -> None:
    order = completed_order(shop)
    models = copy_of_our_models(tmp_path)
    cell = '<outputEntry id="small_approval{}">\n          <text>{}</text>'
    answer = cell.format("", '"at_once"'), cell.format("", '"refused"')
    words = cell.format("_words", "null"), cell.format("_words", '"Not this week."')
    change(models, APPROVAL_TABLE, answer, words)
    path = f"/v1/orders/{order['id']}/refunds/preview"
    before = shop.call("POST", path, {"items": broken(1), "reason": "arrived_broken"}).json()["approval"]

    with deployed(shop, models):
        after = shop.call("POST", path, {"items": broken(1), "reason": "arrived_broken"}).json()["approval"]
        number = ask(shop, order, items=broken(1))
        refused = ended(shop, number, "refused")

    assert before == {"needed": "at_once", "words": None}
    assert after == {"needed": "refused", "words": "Not this week."}
    assert (refused["decided_by"], refused["decision_reason"]) == (None, "Not this week.")
    assert bill(shop, order) == ("30.00", "0.00", "0.00")


@pytest.mark.parametrize(
    ("token", "quantity", "queue", "timer"),
    [
        ("tok_approve", 12, APPROVE, "event_approval_overdue"),
        ("tok_decline_refund", 1, REFUSED, "event_refused_overdue"),
    ],
)
def test_a_decision_that_takes_too_long_marks_the_refund_overdue(
    shop: Shop, token: str, quantity: int, queue: str, timer: str
) -> None:
    order = completed_order(shop, quantity=12, token=token)
    number = ask(shop, order, items=broken(quantity))
    shop.wait_for_task(number, queue)

    shop.fire_timer(number, timer)

    def overdue() -> bool:
        return any(p["overdue_at"] for p in shop.order(order["id"])["processes"] if p["business_key"] == number)

    wait_until(overdue, what="the mark")
    assert shop.order(order["id"])["overdue_at"] is None


def test_a_transfer_that_takes_too_long_marks_the_refund_overdue_until_it_is_booked(shop: Shop) -> None:
    order = completed_order(shop)
    number = ask(shop, order, items=broken(1), destination="outside")
    shop.wait_for_task(number, OUTSIDE)
    shop.fire_timer(number, "event_outside_overdue")
    shop.wait_until_passed(number, "task_mark_overdue")

    shop.decide(number, OUTSIDE, SUPERVISOR, "booked", "BANK-1")

    ended(shop, number, "paid")
    events = [e["event"] for e in shop.history(order["id"]) if e["details"].get("about") == number]
    assert {"order.overdue", "order.overdue_ended"} <= set(events)


def test_a_parcel_that_is_lost_is_refunded_and_the_order_waits_for_it_no_more(shop: Shop) -> None:
    order = shop.place(shop.line("MUG-WHITE", 2))
    shop.ship(order)
    shop.wait_for_activity(order["id"], "wait_for_delivery")
    wait_until(lambda: shop.order(order["id"])["bill"]["captured"] == "20.00", what="the capture")

    number = ask(shop, order, items=[{"line_id": "1", "quantity": 2, "goods": "lost"}], reason="lost_on_the_way")

    ended(shop, number, "paid")
    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])
    assert bill(shop, order) == ("0.00", "20.00", "0.00")
