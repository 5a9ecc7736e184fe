"""An authorization holds what is due when it is asked for: units canceled before are not held."""

from uuid import uuid4

import pytest

from order_api.payments.errors import PaymentDeclined
from tests.factories.money import Money, mc10
from tests.factories.orders import line
from tests.factories.stories import cancel_items, close_order
from tests.fixtures.service import Client


def test_units_canceled_before_the_authorization_are_not_held(channel: Client) -> None:
    money = mc10(channel)
    cancel_items(money.actor, money.id, money.items["B"])

    money.authorize()

    assert money.done() == {"authorize": [65_39]}


def test_of_two_tenders_the_one_captured_last_holds_less_for_canceled_units(channel: Client) -> None:
    """Capture order (R8) puts the card before the invoice, although the invoice was sent first."""
    tenders = [{"type": "invoice", "amount": "61.39"}, {"type": "card", "token": "tok_approve", "amount": "40.00"}]
    money = mc10(channel, tenders=tenders)
    cancel_items(money.actor, money.id, money.items["B"])

    money.authorize()
    money.ship(A=2, C=1)
    money.capture()
    close_order(money.actor, money.id)

    assert money.done() == {"authorize": [25_39, 40_00], "capture": [40_00, 25_39]}


def test_a_tender_that_is_not_needed_any_more_is_not_asked(channel: Client) -> None:
    tenders = [{"type": "invoice", "amount": "16.20"}, {"type": "card", "token": "tok_approve", "amount": "85.19"}]
    money = mc10(channel, tenders=tenders)
    cancel_items(money.actor, money.id, money.items["C"])

    money.authorize()

    assert money.done() == {"authorize": [85_19]}


def test_a_new_card_is_authorized_for_what_is_due(channel: Client) -> None:
    card = {"type": "card", "token": f"tok_decline_capture:{uuid4()}", "amount": "101.39"}
    money = mc10(channel, tenders=[card])
    money.authorize()
    cancel_items(money.actor, money.id, money.items["B"])
    money.ship(A=2, C=1)
    with pytest.raises(PaymentDeclined):
        money.capture()

    new = channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": "tok_approve:new"})
    money.capture(task="new card")

    assert new.status_code == 201
    assert money.done() == {"authorize": [101_39, 65_39], "capture": [65_39]}


@pytest.mark.parametrize(("canceled", "messages"), [(1, []), (2, ["payment-method-replaced"])])
def test_an_order_goes_on_once_nothing_needs_the_declined_card_any_more(
    channel: Client, canceled: int, messages: list[str]
) -> None:
    tenders = [
        {"type": "card", "token": "tok_approve", "amount": "30.00"},
        {"type": "card", "token": f"tok_decline:{uuid4()}", "amount": "20.00"},
    ]
    money = Money(channel, channel.place(line("10.00", 5, line_id="A"), tenders=tenders), is_at_warehouse=False)
    with pytest.raises(PaymentDeclined):
        money.authorize()

    body = {"items": [{"line_id": "A", "quantity": canceled}], "reason": "changed_mind"}
    channel.post(f"/v1/orders/{money.id}/cancellations", body, Idempotency_Key=str(uuid4()))

    assert money.waiting_messages() == messages
    if messages:
        money.authorize("woken")
        assert (money.done(), money.waiting_messages()) == ({"authorize": [30_00]}, [])
