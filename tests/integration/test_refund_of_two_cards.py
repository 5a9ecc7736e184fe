"""A refund of two cards: what becomes of the part of one card is not taken for that of the other."""

from uuid import uuid4

from order_api.refunds.pay_back import WaitsFor
from tests.factories.gateway_events import carry_out, send_event
from tests.factories.refunds import SUMS, Refunds, order_of, unit
from tests.fixtures.service import Client


def two_cards(channel: Client, first: str, second: str) -> tuple[Refunds, str]:
    """A refund of 20.00, of which each card is to give back 10.00 and was asked once."""
    cards = [{"type": "card", "token": f"{token}:{uuid4()}", "amount": "10.00"} for token in (first, second)]
    refunds = order_of(channel, 2, tenders=cards)
    refunds.money.capture(refunds.money.ship(**{"1": 2}), task="first")
    number = refunds.asked(**unit(1, 2))
    refunds.grant(number)
    refunds.pay(number)
    return refunds, number


def test_a_person_pays_outside_only_what_no_gateway_may_still_pay(channel: Client) -> None:
    refunds, number = two_cards(channel, "tok_decline_refund", "tok_pending_refund")

    refunds.redirect(number)
    story = refunds.pay(number)

    assert (story.waits_for, story.open_amount) == (WaitsFor.BOOKING, "10.00")


def test_a_booking_that_is_repeated_does_not_book_a_transfer_that_came_later(channel: Client) -> None:
    refunds, number = two_cards(channel, "tok_pending_refund", "tok_decline_refund")
    refunds.redirect(number)
    refunds.pay(number)
    refunds.book(number, "BANK-1")
    [pending] = [str(row["id"]) for row in refunds.read(number)["payments"] if row["status"] == "pending"]
    send_event(channel, "refund_failed", pending)
    assert carry_out(pending) == ["carried_out"]
    refunds.pay(number)
    refunds.redirect(number)

    refunds.book(number, "BANK-1")

    assert refunds.read(number)["state"] == "paying"
    refunds.book(number, "BANK-2")
    assert (refunds.read(number)["state"], refunds.sums(*SUMS)[-1]) == ("paid", "0.00")


def test_what_an_earlier_try_paid_is_owed_no_more_although_the_last_one_was_declined(channel: Client) -> None:
    refunds, number = two_cards(channel, "tok_decline_refund", "tok_decline_refund")
    first, *_ = [str(row["id"]) for row in refunds.read(number)["payments"]]
    refunds.retry(number)
    refunds.pay(number)
    send_event(channel, "refund_done", first)
    assert carry_out(first) == ["carried_out"]

    listed = channel.get("/v1/owed", limit=200).get_json()["owed"]

    assert [each["amount"] for each in listed if each["number"] == number] == ["10.00"]
