"""A new card for a declined one, in orders with several cards, parcels or flows that wait for money."""

from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from order_api.core.database import transaction
from order_api.core.outside import run
from order_api.payments.errors import PaymentDeclined
from order_api.payments.replace import replace_tender
from order_api.payments.void import VoidPayment
from order_api.stores.offers import TenderNotOffered
from tests.factories.fates import rows
from tests.factories.money import Money
from tests.factories.orders import Json, line
from tests.factories.stories import give_up_payment
from tests.fixtures.service import Client


def send_card(channel: Client, money: Money, token: str) -> Json:
    answer = channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": token})
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def card(amount: str, token: str) -> Json:
    return {"type": "card", "token": f"{token}:{uuid4()}", "amount": amount}


def two_items(channel: Client, token: str) -> Money:
    lines = [line("10.00", line_id="A"), line("20.00", line_id="B")]
    return Money(channel, channel.place(*lines, tenders=[card("30.00", token)]))


def decline_the_first_parcel_and_pay_the_second(money: Money) -> tuple[UUID, UUID]:
    money.authorize()
    first = money.ship(A=1)
    with pytest.raises(PaymentDeclined):
        money.capture(first)
    second = money.ship(B=1)
    money.capture(second)
    return first, second


def test_a_declined_card_is_replaced_although_another_card_of_the_order_has_the_same_token(channel: Client) -> None:
    """The other card is untried, like a new card whose request is repeated, but it replaces no card."""
    tenders = [card("10.00", "tok_decline"), card("20.00", "tok_approve")]
    money = Money(channel, channel.place(line("30.00", line_id="A"), tenders=tenders))
    with pytest.raises(PaymentDeclined):
        money.authorize()

    order = send_card(channel, money, tenders[1]["token"])

    assert [(t["amount"], t["is_active"]) for t in order["tenders"]] == [
        ("0.00", False),
        ("20.00", True),
        ("10.00", True),
    ]
    money.authorize("with the new card")
    assert sorted(money.done()["authorize"]) == [10_00, 20_00]


def test_a_kind_that_the_collection_does_not_offer_cannot_replace_a_card(channel: Client) -> None:
    """The API refuses types without an adapter; the collection chooses among the others."""
    money = declined(channel)

    with transaction() as session, pytest.raises(TenderNotOffered, match="shells is not taken here"):
        replace_tender(session, money.actor, money.id, {"type": "shells", "token": "a"})


def test_a_declined_parcel_is_paid_by_a_new_card_although_a_later_parcel_was_paid(channel: Client) -> None:
    money = two_items(channel, "tok_decline_capture_once")
    first, _ = decline_the_first_parcel_and_pay_the_second(money)

    send_card(channel, money, "tok_approve")

    money.capture(first, "with the new card")
    assert money.done()["capture"] == [20_00, 10_00]


def test_each_parcel_that_was_declined_is_woken_by_a_message_of_its_own(channel: Client) -> None:
    """One flow waits in its queue; the other has not reached it yet and must not miss the new card."""
    money = two_items(channel, "tok_decline_capture")
    money.authorize()
    first, second = money.ship(A=1), money.ship(B=1)
    for parcel in (first, second):
        with pytest.raises(PaymentDeclined):
            money.capture(parcel)
    send_card(channel, money, "tok_approve")

    money.capture(first, "with the new card")

    assert (money.waiting_messages(first), money.waiting_messages(second)) == ([], ["payment-method-replaced"])
    money.capture(second, "with the new card")
    assert money.waiting_messages(second) == []


def test_what_a_replaced_card_holds_is_released_at_once(channel: Client) -> None:
    """Another parcel is not paid yet; what the new card holds stays."""
    money = two_items(channel, "tok_decline_capture")
    money.authorize()
    first = money.ship(A=1)
    with pytest.raises(PaymentDeclined):
        money.capture(first)
    send_card(channel, money, "tok_approve")

    for _ in range(2):
        run(VoidPayment(money.actor, money.id, "outbox", only_replaced=True))

    assert money.done() == {"authorize": [30_00], "void": [30_00]}
    requested = f"SELECT payload->>'of' FROM outbox WHERE business_key = '{money.number}' AND kind = 'void-payment'"
    assert rows(money, requested) == [("replaced",)]
    money.capture(first, "with the new card")
    assert money.done() == {"authorize": [30_00, 30_00], "capture": [10_00], "void": [30_00]}


def test_a_parcel_that_is_paid_is_not_woken(channel: Client) -> None:
    money = two_items(channel, "tok_decline_capture_once")
    first, second = decline_the_first_parcel_and_pay_the_second(money)

    send_card(channel, money, "tok_approve")

    assert (money.waiting_messages(first), money.waiting_messages(second)) == (["payment-method-replaced"], [])


# The time limit ends, or a colleague gives up, while a new card arrives.


def declined(channel: Client) -> Money:
    money = Money(channel, channel.place(line("10.00", line_id="A"), tenders=[card("10.00", "tok_decline")]))
    with pytest.raises(PaymentDeclined):
        money.authorize()
    return money


def test_an_order_with_a_new_card_is_not_given_up(channel: Client) -> None:
    money = declined(channel)
    send_card(channel, money, "tok_approve")

    assert not give_up_payment(money.actor, money.id)

    money.authorize("with the new card")
    assert money.done() == {"authorize": [10_00]}
    assert money.waiting_messages() == []


def test_an_order_that_was_given_up_takes_no_new_card(channel: Client) -> None:
    money = declined(channel)

    assert give_up_payment(money.actor, money.id)

    answer = channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": "tok_approve"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "undo_running")


def test_an_order_whose_new_card_was_declined_too_is_given_up(channel: Client) -> None:
    money = declined(channel)
    send_card(channel, money, "tok_decline")
    with pytest.raises(PaymentDeclined):
        money.authorize("with the new card")

    assert give_up_payment(money.actor, money.id)

    order = channel.get(f"/v1/orders/{money.id}").get_json()
    assert order["undo_reason"] == "payment_given_up"
    assert (order["cancel_requested_at"], order["cancel_reason"]) == (None, None)


def test_a_fully_captured_card_does_not_count_as_the_declined_one(channel: Client) -> None:
    """The first card's decline is old: since then the second parcel took all its money and the other card declined."""
    tenders = [card("60.00", "tok_decline_capture_once"), card("40.00", "tok_decline_capture")]
    money = Money(channel, channel.place(line("40.00", line_id="A"), line("60.00", line_id="B"), tenders=tenders))
    first, _ = decline_the_first_parcel_and_pay_the_second(money)
    with pytest.raises(PaymentDeclined):
        money.capture(first, "again", retry=True)

    order = send_card(channel, money, "tok_approve")

    assert [(t["amount"], t["is_active"]) for t in order["tenders"]] == [
        ("60.00", True),
        ("0.00", False),
        ("40.00", True),
    ]
    money.capture(first, "with the new card")
    assert money.done()["capture"] == [60_00, 40_00]
    answer = channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": "tok_approve:another"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "no_declined_payment")


def test_a_replaced_card_shows_what_it_was_placed_with_beside_what_it_captured(
    channel: Client, agent: FlaskClient
) -> None:
    money = two_items(channel, "tok_decline_capture_once")
    decline_the_first_parcel_and_pay_the_second(money)

    order = send_card(channel, money, "tok_approve")
    page = agent.get(f"/console/orders/{money.id}").get_data(as_text=True)

    assert [(t["placed_with"], t["amount"], t["is_active"]) for t in order["tenders"]] == [
        ("30.00", "20.00", False),
        ("10.00", "10.00", True),
    ]
    assert "replaced (placed with 30.00)</th><td>20.00</td>" in page
