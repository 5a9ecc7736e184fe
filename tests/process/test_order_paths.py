"""Every path of `order-submit` on the real engine, seen through the API and the queues."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.bank.system import in_books
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

SUPERVISOR, CSR = "sue-supervisor", "carla-csr"


def place(shop: Shop, body: Json) -> Json:
    answer = shop.call("POST", "/v1/orders", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def complete(shop: Shop, order: Json) -> Json:
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    shop.deliver(shop.ship(order))
    return shop.wait_for_status(order["id"], "completed")


def test_an_order_is_authorized_shipped_captured_delivered_and_completed(shop: Shop) -> None:
    order = shop.place(shop.line("TSHIRT-BLUE-M", 2, "20.00"), shop.line("MUG-WHITE", 1, "10.00"))

    completed = complete(shop, order)

    assert shop.money(order["id"]) == {"authorize": 5000, "capture": 5000, "void": 0}
    assert [item["status"] for item in completed["items"]] == ["delivered", "delivered"]
    statuses = [e["after"] for e in shop.history(order["id"]) if e["event"] == "order.status_changed"]
    from_fulfillment_on = ["submitted_to_fulfillment", "shipped", "delivered", "completed"]
    assert statuses == ["ready_to_edit", "freeze_edit", *from_fulfillment_on]
    subjects = [f"Your order {order['number']}", f"Your order {order['number']} is on its way"]
    wait_until(lambda: shop.mailbox.to(order["customer"]["email"]) == subjects, what=f"the mails {subjects}")
    shop.wait_until_ended(order["id"])


def test_an_order_without_e_mail_address_sends_no_mail_and_says_so(shop: Shop) -> None:
    order = shop.place(customer={"type": "registered", "id": "C-1"})

    complete(shop, order)

    notices = [e["details"]["notice"] for e in shop.history(order["id"]) if e["event"] == "notice.not_sent"]
    assert notices == ["order_confirmed", "item_shipped"]


def test_a_supervisor_accepts_a_suspicious_order_and_the_history_says_who(shop: Shop) -> None:
    order = shop.place_suspicious()
    shop.wait_for_status(order["id"], "on_hold")

    shop.decide(order["id"], "usertask_review_fraud", SUPERVISOR, "accept", "Known customer.")
    complete(shop, order)

    decision = next(e for e in shop.history(order["id"]) if e["event"] == "decision.taken")
    assert (decision["actor_id"], decision["reason"]) == (SUPERVISOR, "Known customer.")
    assert decision["details"]["decision"] == "accept"


def test_a_supervisor_rejects_a_suspicious_order_and_nothing_was_held(shop: Shop) -> None:
    order = shop.place_suspicious()

    shop.decide(order["id"], "usertask_review_fraud", SUPERVISOR, "reject")

    shop.wait_for_status(order["id"], "canceled")
    assert shop.money(order["id"]) == {"authorize": 0, "capture": 0, "void": 0}
    undone = shop.order(order["id"])
    assert (undone["undo_reason"], undone["cancel_requested_at"]) == ("given_up_by_flow", None)


def test_a_decision_that_is_not_offered_comes_back_to_the_queue(shop: Shop) -> None:
    order = shop.place_suspicious()

    shop.decide(order["id"], "usertask_review_fraud", SUPERVISOR, "give_me_a_discount")

    shop.decide(order["id"], "usertask_review_fraud", SUPERVISOR, "reject")
    shop.wait_for_status(order["id"], "canceled")


def test_a_review_that_takes_too_long_is_marked_overdue_and_stays(shop: Shop) -> None:
    order = shop.place_suspicious()
    shop.wait_for_task(order["id"], "usertask_review_fraud")

    shop.fire_timer(order["id"], "event_review_overdue")

    wait_until(lambda: shop.order(order["id"])["overdue_at"], what="the overdue mark")
    shop.wait_until_passed(order["id"], "task_mark_review_overdue")
    shop.decide(order["id"], "usertask_review_fraud", SUPERVISOR, "reject")
    shop.wait_for_status(order["id"], "canceled")


def test_an_order_from_a_blocked_e_mail_domain_is_rejected(shop: Shop) -> None:
    order = shop.place(customer={"type": "guest", "email": "x@blocked.example"})

    shop.wait_for_status(order["id"], "canceled")


def test_a_declined_card_is_tried_again_when_a_colleague_says_so(shop: Shop) -> None:
    order = shop.place(token="tok_decline_once")
    shop.wait_for_status(order["id"], "on_hold")

    shop.decide(order["id"], "usertask_payment_declined", CSR, "retry")

    complete(shop, order)
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}


def test_a_new_card_lets_a_declined_order_go_on(shop: Shop) -> None:
    order = shop.place(token="tok_decline")
    shop.wait_for_task(order["id"], "usertask_payment_declined")

    answer = shop.call("POST", f"/v1/orders/{order['id']}/payments", {"type": "card", "token": "tok_approve:new"})

    assert answer.status_code == 201
    complete(shop, order)
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}


def test_an_order_that_is_never_paid_is_given_up(shop: Shop) -> None:
    order = shop.place(token="tok_decline")
    shop.wait_for_task(order["id"], "usertask_payment_declined")

    shop.fire_timer(order["id"], "event_payment_time_over")

    shop.wait_for_status(order["id"], "canceled")


def test_a_colleague_cancels_an_order_whose_card_was_declined(shop: Shop) -> None:
    order = shop.place(token="tok_decline")

    shop.decide(order["id"], "usertask_payment_declined", CSR, "cancel")

    canceled = shop.wait_for_status(order["id"], "canceled")
    assert (canceled["undo_reason"], canceled["cancel_requested_at"]) == ("payment_given_up", None)


@contextmanager
def idle_relay(shop: Shop) -> Iterator[None]:
    """Stops the relay, so the API's messages are not sent yet."""
    shop.system.stop("relay")
    try:
        yield
    finally:
        shop.system.start("relay")


def time_is_over(shop: Shop, order: Json) -> None:
    shop.fire_timer(order["id"], "event_payment_time_over")


def a_colleague_cancels(shop: Shop, order: Json) -> None:
    shop.decide(order["id"], "usertask_payment_declined", CSR, "cancel")


@pytest.mark.parametrize("give_up", [time_is_over, a_colleague_cancels])
def test_a_new_card_that_comes_at_the_last_moment_counts(shop: Shop, give_up: Callable[[Shop, Json], None]) -> None:
    order = shop.place(token="tok_decline")
    shop.wait_for_task(order["id"], "usertask_payment_declined")

    with idle_relay(shop):
        answer = shop.call("POST", f"/v1/orders/{order['id']}/payments", {"type": "card", "token": "tok_approve:late"})
        give_up(shop, order)
        shop.wait_until_passed(order["id"], "gateway_given_up")

    assert answer.status_code == 201
    complete(shop, order)
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}


def test_a_payment_decision_that_is_not_offered_comes_back_to_the_queue(shop: Shop) -> None:
    order = shop.place(token="tok_decline")

    shop.decide(order["id"], "usertask_payment_declined", CSR, "pay_it_myself")

    shop.decide(order["id"], "usertask_payment_declined", CSR, "cancel")
    shop.wait_for_status(order["id"], "canceled")


def test_an_authorization_whose_answer_was_lost_is_made_once(shop: Shop) -> None:
    order = shop.place(token="tok_timeout")

    complete(shop, order)

    booked = "SELECT kind, count(*) FROM simulator_payments WHERE token = %s GROUP BY kind ORDER BY kind"
    token = shop.sql("SELECT token FROM tenders WHERE order_id = %s", order["id"])[0][0]
    assert in_books(shop.system, booked, token) == [("authorize", 1), ("capture", 1)]


def test_an_invoice_is_always_approved(shop: Shop) -> None:
    order = shop.place(tenders=[{"type": "invoice", "amount": "10.00"}])

    complete(shop, order)

    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}


def test_an_order_that_costs_nothing_needs_no_payment(shop: Shop) -> None:
    order = shop.place(shop.line(unit_price="0.00"), tenders=[])

    complete(shop, order)

    assert shop.money(order["id"]) == {"authorize": 0, "capture": 0, "void": 0}
