"""A new card takes the place of the declined one; no tender is asked for more than it holds or must pay."""

from uuid import uuid4

import pytest

from order_api.core.database import transaction
from order_api.core.errors import NotYet
from order_api.payments.errors import PaymentDeclined
from order_api.settlement.settle_parcel import SettleParcel
from order_api.settlement.write_off import write_off_parcels
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.fates import rows
from tests.factories.money import Money
from tests.factories.orders import Json, line
from tests.factories.stories import close_order, give_up_payment
from tests.fixtures.service import Client

DECLINES = "tok_decline_capture"
CAPTURED = """SELECT split_part(t.token, ':', 1), p.amount
    FROM payment_transactions p JOIN tenders t ON t.id = p.tender_id
    WHERE p.order_id = :id AND p.kind = 'capture' AND p.status = 'done' ORDER BY p.requested_at"""


def card(amount: str, behavior: str) -> Json:
    return {"type": "card", "token": f"{behavior}:{uuid4()}", "amount": amount}


def five_units(channel: Client, *tenders: Json) -> Money:
    return Money(channel, channel.place(line("10.00", 5, line_id="A"), tenders=list(tenders)), is_at_warehouse=False)


def authorize(money: Money, task: str = "authorize") -> bool:
    """Whether a card declined."""
    try:
        money.authorize(task)
    except PaymentDeclined:
        return True
    return False


def cancel(channel: Client, money: Money, count: int) -> None:
    body = {"items": [{"line_id": "A", "quantity": count}], "reason": "changed_mind"}
    answer = channel.post(f"/v1/orders/{money.id}/cancellations", body, Idempotency_Key=str(uuid4()))
    assert answer.status_code == 200, answer.text


def send_card(channel: Client, money: Money) -> int:
    token = f"tok_new:{uuid4()}"
    return channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": token}).status_code


def ship_and_decline(channel: Client, money: Money, count: int) -> None:
    """The capture is declined; then the customer sends a new card."""
    hand_to_fulfillment(money.order)
    parcel = money.ship(A=count)
    with pytest.raises(PaymentDeclined):
        money.capture(parcel)
    assert send_card(channel, money) == 201
    money.capture(parcel, "new card")


def test_a_new_card_pays_although_a_card_that_nothing_needs_was_declined(channel: Client) -> None:
    money = five_units(channel, card("30.00", DECLINES), card("20.00", "tok_decline"))
    assert authorize(money)
    cancel(channel, money, 2)
    assert not authorize(money, "woken")

    ship_and_decline(channel, money, 3)

    assert rows(money, CAPTURED) == [("tok_new", 30_00)]


def test_another_card_is_not_asked_for_more_than_it_holds(channel: Client) -> None:
    money = five_units(channel, card("30.00", DECLINES), card("20.00", "tok_approve"))
    cancel(channel, money, 1)
    authorize(money)
    assert money.done() == {"authorize": [30_00, 10_00]}

    ship_and_decline(channel, money, 4)

    assert sorted(rows(money, CAPTURED)) == [("tok_approve", 10_00), ("tok_new", 30_00)]


def test_a_new_card_pays_in_place_of_the_declined_one_and_an_unneeded_card_nothing(channel: Client) -> None:
    money = five_units(channel, card("30.00", DECLINES), card("20.00", "tok_approve"))
    cancel(channel, money, 2)
    authorize(money)

    ship_and_decline(channel, money, 3)

    assert rows(money, CAPTURED) == [("tok_new", 30_00)]


def test_no_flow_is_woken_that_waits_for_no_card(channel: Client) -> None:
    """The declined card was replaced before the units were canceled."""
    money = five_units(channel, card("50.00", "tok_decline"))
    authorize(money)
    send_card(channel, money)
    authorize(money, "new card")

    cancel(channel, money, 1)

    assert money.waiting_messages() == []


@pytest.fixture
def unneeded(channel: Client) -> Money:
    """A declined card that nothing needs, because two of five units were canceled."""
    money = five_units(channel, card("30.00", "tok_approve"), card("20.00", "tok_decline"))
    authorize(money)
    cancel(channel, money, 2)
    return money


def test_an_order_that_needs_the_declined_card_no_more_is_not_given_up(unneeded: Money) -> None:
    assert not give_up_payment(unneeded.actor, unneeded.id)

    assert not authorize(unneeded, "woken")
    assert unneeded.waiting_messages() == []


def test_a_card_that_nothing_needs_is_not_replaced_and_wakes_no_flow_again(channel: Client, unneeded: Money) -> None:
    authorize(unneeded, "woken")

    assert send_card(channel, unneeded) == 409
    cancel(channel, unneeded, 1)
    assert unneeded.waiting_messages() == []


def test_a_closed_order_takes_no_new_card(channel: Client, unneeded: Money) -> None:
    authorize(unneeded, "woken")
    hand_to_fulfillment(unneeded.order)
    unneeded.capture(unneeded.ship(A=3))
    close_order(unneeded.actor, unneeded.id)

    assert send_card(channel, unneeded) == 409


def test_a_write_off_waits_for_the_captures_on_which_the_shares_depend(channel: Client) -> None:
    lines = line("30.00", line_id="A"), line("30.00", line_id="B")
    money = Money(channel, channel.place(*lines, tenders=[card("30.00", DECLINES), card("30.00", "tok_approve")]))
    money.authorize()
    first, second = money.ship(A=1), money.ship(B=1)
    with pytest.raises(PaymentDeclined):
        money.capture(first)
    with transaction() as session:
        assert SettleParcel(money.actor, money.id, "second", second).ask(session) is not None

    with transaction() as session, pytest.raises(NotYet):
        write_off_parcels(session, money.actor, money.id, first, "write-off")


def test_the_reason_names_the_amount_if_the_new_card_is_declined_too(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 5, line_id="A"), tenders=[card("50.00", DECLINES)]))
    money.authorize()
    parcel = money.ship(A=5)
    with pytest.raises(PaymentDeclined):
        money.capture(parcel)
    channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": f"tok_decline:{uuid4()}"})

    with pytest.raises(PaymentDeclined) as declined:
        money.capture(parcel, "new card")

    assert str(declined.value).startswith("50.00 USD of the parcel is not paid.")
