"""A refund that is granted after more parcels have left gives back what was asked for, and no more."""

import pytest

from order_api.core.database import transaction
from order_api.core.errors import NotYet
from order_api.refunds.book import book_decided_refund
from order_api.refunds.errors import NothingToBook
from tests.factories.money import Money
from tests.factories.orders import line, tax
from tests.factories.refunds import WORKER, Refunds, off, order_of, paid_order
from tests.fixtures.service import Client


def test_of_a_tax_no_more_goes_back_than_was_approved(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 10, tax("10.00", "0.10"))))
    money.authorize()
    refunds = Refunds(channel, money)
    money.capture(money.ship(**{"1": 1}), task="first")
    tax_id = refunds.order()["items"][0]["taxes"][0]["id"]
    number = refunds.asked(taxes=[{"tax_id": tax_id}])
    refunds.judge(number, "supervisor")
    asked = refunds.read(number)["paid_back"]
    money.capture(money.ship(**{"1": 9}), task="second")

    refunds.grant(number)

    assert (asked, refunds.read(number)["paid_back"]) == ("1.00", "1.00")
    assert refunds.preview(taxes=[{"tax_id": tax_id}]).get_json()["paid_back"] == "9.00"


def test_what_was_held_before_it_was_lowered_is_not_booked_as_paid_outside(channel: Client) -> None:
    refunds = paid_order(channel)
    number = refunds.asked(**off("20.00", "1"), destination="outside")
    refunds.judge(number, "supervisor")
    refunds.grant(number, lowered_to="10.00")
    refunds.pay(number)
    refunds.book(number, "BANK-1")

    with transaction() as session:
        book_decided_refund(session, WORKER, refunds.subject(session, number), "BANK-2")
    with pytest.raises(NothingToBook):
        refunds.book(number, "BANK-3")

    assert refunds.sums("refunded", "outstanding") == ("10.00", "0.00")


def test_a_reduction_of_which_an_unpaid_parcel_bears_a_part_is_granted_once_that_is_paid(channel: Client) -> None:
    refunds = order_of(channel, 3)
    money = refunds.money
    money.capture(money.ship(**{"1": 1}), task="first")
    number = refunds.asked(**off("5.00"))
    parcel = money.ship(**{"1": 2})

    with pytest.raises(NotYet, match="not paid yet"):
        refunds.grant(number)

    money.capture(parcel, task="second")
    assert refunds.grant(number)
    assert refunds.read(number)["paid_back"] == "5.00"
