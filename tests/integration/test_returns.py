"""A return: units are promised once, what arrives counts, a verdict moves stock, and money goes back once."""

import pytest

from order_api.refunds.errors import MoreThanRemains
from order_api.returns.errors import ReceiptDiffers, ReturnOver, VerdictGiven
from order_api.returns.judge import Judged
from tests.factories.refunds import Refunds, of_line, paid_order
from tests.factories.returned_goods import LABEL, RESTOCKING, Returns, fates_of, stock_of
from tests.fixtures.service import Client


def test_what_was_announced_arrives_and_is_judged_goes_into_stock_and_is_paid_once(returns: Returns) -> None:
    number = returns.approved(RESTOCKING, _1=1)
    before = stock_of(returns.money, "1").get("sellable", 0)
    assert returns.receive(number, _1=1) == []
    assert (returns.give_back(number), stock_of(returns.money, "1").get("sellable", 0)) == ([], before)

    returns.judge_units(number, _1=1)

    assert stock_of(returns.money, "1")["sellable"] == before + 1
    assert returns.paid_back(*returns.give_back(number)) == ["17.73"]
    assert returns.give_back(number) == []
    assert returns.refunds.sums("due", "refunded", "outstanding") == ("98.76", "17.73", "0.00")


def test_a_unit_that_is_on_its_way_back_has_no_other_remedy(returns: Returns) -> None:
    number = returns.approved(_1=3)

    with pytest.raises(MoreThanRemains):
        returns.announce(_1=1)
    assert returns.refunds.ask(**of_line(1)).status_code == 409

    returns.cancel(number)
    returns.announce(_1=1)


def test_fewer_arrive_and_the_rest_in_a_second_parcel(returns: Returns) -> None:
    """The worked case AS26."""
    number = returns.approved(RESTOCKING, _1=2)
    paid = []
    for reference in ("DOCK-1", "DOCK-2"):
        returns.receive(number, reference, _1=1)
        returns.judge_units(number, reference, _1=1)
        paid += returns.paid_back(*returns.give_back(number))

    assert paid == ["17.73", "17.73"]
    assert [(row[1], row[3]) for row in returns.units(number)] == [(1, "resellable"), (2, "resellable")]


def test_a_fee_per_return_is_taken_once_and_what_the_first_parcel_cannot_bear_the_next_does(returns: Returns) -> None:
    number = returns.approved(LABEL, _3=1, _1=1)
    paid = []
    for reference, line_id in (("DOCK-1", "_3"), ("DOCK-2", "_1")):
        returns.arrive(number, reference, {line_id: 1})
        paid += returns.paid_back(*returns.give_back(number))

    assert paid == ["0.00", "17.98"], "3.28 of the fee of 5.00 in the first, 1.72 in the second"


def test_more_of_a_line_and_other_goods_of_the_order_join_and_unknown_ones_do_not(returns: Returns) -> None:
    number = returns.approved(_1=1)

    unknown = returns.receive(number, _1=2, _2=1, _3=3)

    assert unknown == [{"line_id": "3", "quantity": 1}]
    assert [row[:4] for row in returns.units(number)] == [
        ("1", 1, 1, "pending"),
        ("1", 2, 1, "pending"),
        ("2", 1, 1, "pending"),
        ("3", 1, 2, "pending"),
    ]
    assert returns.judge(number) == Judged.ACCEPTED
    returns.judge_units(number, _1=2, _2=1, _3=2)
    assert returns.paid_back(*returns.give_back(number)) == ["90.31"]


def test_a_parcel_that_comes_after_the_cancellation_joins_again(returns: Returns) -> None:
    number = returns.approved(_1=2)
    returns.cancel(number)
    assert [row[4] for row in returns.units(number)] == [True]

    assert returns.receive(number, _1=2) == []

    assert returns.state(number) == "received"
    assert fates_of(returns.money, "1") == {"returned": 2, "shipped": 1}
    with pytest.raises(MoreThanRemains):
        returns.announce(_1=2)


def test_a_receipt_counts_once_and_its_reference_means_these_goods(returns: Returns) -> None:
    number = returns.approved(_1=2)
    for _ in range(2):
        returns.receive(number, "DOCK-1", _1=1)

    assert [row[3] for row in returns.units(number)] == ["pending", None]
    with pytest.raises(ReceiptDiffers):
        returns.receive(number, "DOCK-1", _1=2)


@pytest.mark.parametrize(("verdict", "quality"), [("quarantine", "quarantine"), ("scrap", "scrap")])
def test_goods_that_cannot_be_sold_are_paid_for_and_serve_no_order(
    returns: Returns, verdict: str, quality: str
) -> None:
    number = returns.approved(_1=1)
    before = stock_of(returns.money, "1")
    returns.receive(number, _1=1)
    returns.judge_units(number, verdict=verdict, _1=1)

    after = stock_of(returns.money, "1")
    assert after[quality] == before.get(quality, 0) + 1
    assert after.get("sellable") == before.get("sellable")
    assert returns.paid_back(*returns.give_back(number)) == ["19.70"]


def test_goods_leave_the_quarantine_one_by_one_and_are_paid_once(returns: Returns) -> None:
    number = returns.approved(_1=3)
    before = stock_of(returns.money, "1")
    returns.receive(number, _1=3)
    returns.judge_units(number, verdict="quarantine", _1=3)
    returns.give_back(number)

    returns.judge_units(number, verdict="resellable", _1=1)
    returns.judge_units(number, verdict="scrap", _1=1)

    gained = {quality: count - before.get(quality, 0) for quality, count in stock_of(returns.money, "1").items()}
    assert {quality: count for quality, count in gained.items() if count} == dict.fromkeys(
        ("sellable", "scrap", "quarantine"), 1
    )
    assert (returns.give_back(number), returns.refunds.sums("refunded")) == ([], ("59.10",))
    with pytest.raises(VerdictGiven):
        returns.judge_units(number, verdict="quarantine", _1=1)


def test_goods_that_are_sent_back_to_the_customer_give_no_money_and_no_stock(returns: Returns) -> None:
    number = returns.approved(_1=2)
    before = stock_of(returns.money, "1")
    returns.receive(number, _1=2)
    returns.judge_units(number, verdict="sent_back", _1=1)

    assert returns.give_back(number) == []
    assert stock_of(returns.money, "1") == before
    with pytest.raises(VerdictGiven):
        returns.judge_units(number, _1=2)
    returns.judge_units(number, _1=1)
    assert returns.paid_back(*returns.give_back(number)) == ["19.70"]


def test_shipping_goes_back_with_the_last_of_its_group(returns: Returns) -> None:
    number = returns.approved(policy={"shipping_back": "standard"}, _1=3, _2=1, _3=2)
    paid = []
    for reference, units in (("DOCK-1", {"_1": 3, "_2": 1}), ("DOCK-2", {"_3": 2})):
        returns.arrive(number, reference, units)
        paid += returns.paid_back(*returns.give_back(number))

    assert paid == ["103.45", "13.04"]
    assert returns.refunds.sums("due", "outstanding") == ("0.00", "0.00")


@pytest.mark.parametrize(
    ("when", "paid_after"), [("at_once", "announced"), ("received", "received"), ("inspected", "judged")]
)
def test_money_goes_back_when_the_table_says(returns: Returns, when: str, paid_after: str) -> None:
    number = returns.approved(policy={"refund_when": when}, _1=1)
    steps = {"announced": returns.give_back(number)}
    returns.receive(number, _1=1)
    steps["received"] = returns.give_back(number)
    returns.judge_units(number, _1=1)
    steps["judged"] = returns.give_back(number)

    assert [step for step, refunds in steps.items() if refunds] == [paid_after]
    assert returns.refunds.sums("refunded") == ("19.70",)


def test_no_fee_is_taken_at_the_sellers_fault(returns: Returns) -> None:
    number = returns.approved(RESTOCKING, LABEL, reason="arrived_broken", _1=1)
    returns.receive(number, _1=1)
    returns.judge_units(number, _1=1)

    assert returns.paid_back(*returns.give_back(number)) == ["19.70"]


def test_an_answer_that_makes_no_sense_is_decided_by_a_person(returns: Returns) -> None:
    number = returns.announce(_1=1)

    assert returns.judge(number, {"type": "late", "words": "Late", "percent": 110}) == Judged.SUPERVISOR

    assert returns.state(number) == "needs_approval"


def test_a_return_of_which_goods_came_is_not_canceled(returns: Returns) -> None:
    number = returns.approved(_1=2)
    returns.receive(number, _1=1)

    with pytest.raises(ReturnOver):
        returns.cancel(number)


def test_a_price_reduction_after_the_announcement_lowers_what_goes_back(channel: Client) -> None:
    refunds: Refunds = paid_order(channel)
    returns = Returns(refunds)
    number = returns.approved(RESTOCKING, _2=1)
    refunds.paid(price_reductions=[{"line_id": "2", "amount": "9.00"}])
    returns.receive(number, _2=1)
    returns.judge_units(number, _2=1)

    assert returns.paid_back(*returns.give_back(number)) == ["31.81"]
