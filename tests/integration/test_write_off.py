"""A parcel whose capture was declined is written off: each tender its own share, and others still pay theirs."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from order_api.core.database import transaction
from order_api.payments.errors import PaymentDeclined
from order_api.settlement.write_off import write_off_parcels
from tests.factories.money import Money
from tests.factories.orders import Json, line
from tests.fixtures.service import Client, refusal

DECLINES = "tok_decline_capture"


def placed(channel: Client, *tenders: Json, prices: tuple[str, ...] = ("30.00", "20.00")) -> Money:
    """One line per price, paid by these tenders and authorized."""
    lines = [line(price, line_id=name) for name, price in zip("ABC", prices, strict=False)]
    money = Money(channel, channel.place(*lines, tenders=list(tenders)))
    money.authorize()
    return money


def card(amount: str, behavior: str = DECLINES) -> Json:
    return {"type": "card", "token": f"{behavior}:{uuid4()}", "amount": amount}


def invoice(amount: str) -> Json:
    return {"type": "invoice", "amount": amount}


def capture(money: Money, parcel: UUID, task: str = "capture") -> str:
    """Returns why it was declined."""
    with pytest.raises(PaymentDeclined) as declined:
        money.capture(parcel, task)
    return str(declined.value)


def write_off(money: Money, parcel: UUID) -> bool:
    with transaction() as session:
        return write_off_parcels(session, money.actor, money.id, parcel, "write-off")


def test_the_other_tenders_pay_their_shares_and_only_the_declined_one_is_written_off(channel: Client) -> None:
    money = placed(channel, card("30.00"), invoice("20.00"))
    parcel = money.ship(A=1, B=1)

    capture(money, parcel)
    write_off(money, parcel)

    assert money.done() == {"authorize": [30_00, 20_00], "capture": [20_00], "write_off": [30_00]}


def test_what_was_written_off_on_a_tender_uses_it_up_so_that_the_next_one_pays(channel: Client) -> None:
    money = placed(channel, card("30.00"), invoice("20.00"))
    first = money.ship(A=1)
    capture(money, first)
    write_off(money, first)

    money.capture(money.ship(B=1), "second")

    assert money.done()["capture"] == [20_00]


def test_two_declined_cards_are_written_off_each_with_its_share(channel: Client) -> None:
    money = placed(channel, card("30.00"), card("20.00"))
    parcel = money.ship(A=1, B=1)

    why = capture(money, parcel)
    write_off(money, parcel)

    assert why == "50.00 USD of the parcel is not paid. The capture of 30.00 USD was declined: card_declined."
    assert money.done()["write_off"] == [30_00, 20_00]


def test_a_new_card_is_refused_once_everything_is_written_off(channel: Client) -> None:
    money = placed(channel, card("50.00"))
    parcel = money.ship(A=1, B=1)
    capture(money, parcel)
    write_off(money, parcel)

    answer = channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": "tok_approve:new"})

    assert (answer.status_code, refusal(answer)["code"]) == (409, "no_declined_payment")


def test_a_new_card_that_has_just_arrived_pays_and_nothing_is_written_off(channel: Client) -> None:
    money = placed(channel, card("50.00"))
    parcel = money.ship(A=1, B=1)
    capture(money, parcel)
    assert channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": "tok_new"}).status_code == 201

    assert [write_off(money, parcel) for _ in range(2)] == [False, False]
    money.capture(parcel, "new card")

    assert (money.done()["capture"], "write_off" in money.done()) == ([50_00], False)
    assert write_off(money, parcel), "a repeated task does not ask for the paid parcel again"


def test_shares_that_do_not_cover_a_parcel_are_an_error_and_leave_it_unsettled(channel: Client) -> None:
    money = placed(channel, card("50.00"))
    parcel = money.ship(A=1, B=1)
    capture(money, parcel)
    with transaction() as session:
        session.execute(text("UPDATE tenders SET amount = 4000 WHERE order_id = :id"), {"id": money.id})

    with pytest.raises(ValueError, match="do not cover"):
        write_off(money, parcel)

    assert "write_off" not in money.done()


def test_a_new_card_takes_over_what_was_neither_captured_nor_written_off(channel: Client) -> None:
    money = placed(channel, card("50.00"))
    first = money.ship(A=1)
    capture(money, first)
    write_off(money, first)
    second = money.ship(B=1)
    capture(money, second)

    order = channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": "tok_approve:new"}).get_json()
    money.capture(second, "new card")

    assert [tender["amount"] for tender in order["tenders"]] == ["30.00", "20.00"]
    assert money.done()["capture"] == [20_00]
