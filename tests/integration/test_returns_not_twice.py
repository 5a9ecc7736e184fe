"""Acts that meet a return, in any order: no unit is paid for twice, none is lost, and a refusal holds."""

from contextlib import suppress

import pytest

from order_api.core.errors import NotYet
from order_api.refunds.errors import MoreThanRemains
from order_api.returns.errors import AlreadyPaid, ReceiptDiffers, ReturnOver
from order_api.returns.judge import Judged
from order_api.returns.settle import WaitsFor
from tests.factories.fates import change, deliver_parcel, shipment_ids
from tests.factories.refunds import of_line, unit
from tests.factories.returned_goods import LABEL, RESTOCKING, Returns, fates_of, stock_of

AT_ONCE = {"refund_when": "at_once"}
SHIPPING = {"shipping_back": "standard"}


def settled(returns: Returns, number: str) -> list[WaitsFor]:
    """Until nothing changes; every refund is granted and paid."""
    seen: list[WaitsFor] = []
    for _ in range(6):
        with suppress(NotYet):
            seen.append(returns.settle(number))
        for refund in returns.refunds.order()["refunds"]:
            if refund["state"] == "requested":
                returns.refunds.grant(refund["number"])
                returns.refunds.pay(refund["number"])
    return seen


@pytest.mark.parametrize("policy", [AT_ONCE, {"goods_kept": True}], ids=["at once", "kept"])
def test_a_return_whose_money_has_gone_is_not_canceled(returns: Returns, policy: dict[str, object]) -> None:
    number = returns.approved(policy=policy, _1=1)
    refund = returns.next_refund(number)
    with pytest.raises(ReturnOver):
        returns.cancel(number)
    assert refund is not None
    returns.refunds.grant(refund)
    returns.refunds.pay(refund)

    with pytest.raises(ReturnOver):
        returns.cancel(number)
    assert returns.refunds.ask(**unit(1)).status_code == 409


def test_goods_that_are_paid_for_are_not_sent_back(returns: Returns) -> None:
    number = returns.approved(policy={"refund_when": "received"}, _1=1)
    returns.receive(number, _1=1)
    returns.give_back(number)

    with pytest.raises(AlreadyPaid):
        returns.judge_units(number, verdict="sent_back", _1=1)


def test_units_that_gave_back_all_give_nothing_more(returns: Returns) -> None:
    """Also where a remedy was released by mistake."""
    returns.refunds.paid(**unit(1))
    change(returns.money, "UPDATE remedies SET released_at = now() WHERE order_id = :id")

    assert returns.refunds.preview(**unit(1)).get_json()["amount"] == "0.00"


def test_a_unit_that_came_and_went_twice_joins_once(returns: Returns) -> None:
    number = returns.approved(_1=1)
    for reference in ("A", "B"):
        returns.receive(number, reference, _1=1)
        returns.judge(number)
        returns.judge_units(number, reference, "sent_back", _1=1)

    returns.receive(number, "C", _1=2)

    assert [row[1:3] for row in returns.units(number) if row[3] == "pending"] == [(1, 1), (2, 1)]


def test_nothing_is_paid_before_a_person_has_approved(returns: Returns) -> None:
    number = returns.announce(_1=1)
    returns.judge(number, decision="approve", words="Late.", refund_when="at_once")
    assert returns.give_back(number) == []

    returns.approve(number)

    assert returns.paid_back(*returns.give_back(number)) == ["19.70"]


def test_goods_that_the_policy_refuses_are_not_paid_for_although_they_came(returns: Returns) -> None:
    number = returns.approved(_1=1)
    returns.receive(number, _1=1, _2=1)
    returns.judge_each(number, {"2": {"decision": "refuse", "words": "Not this one."}}, {})
    returns.judge_units(number, _1=1, _2=1)

    assert settled(returns, number)[-1] == WaitsFor.NOTHING
    assert returns.refunds.sums("refunded") == ("19.70",)


def test_a_refusal_holds_although_the_goods_came_before_it(returns: Returns) -> None:
    number = returns.announce(_1=1)
    returns.judge(number, decision="approve", words="Late.")
    returns.receive(number, _1=1)

    returns.refuse(number)

    returns.judge_units(number, verdict="sent_back", _1=1)
    assert settled(returns, number)[-1] == WaitsFor.NOTHING
    assert returns.refunds.sums("refunded") == ("0.00",)


def test_goods_that_came_before_the_approval_are_paid_after_it(returns: Returns) -> None:
    number = returns.announce(_1=1)
    returns.receive(number, _1=1)
    assert returns.judge(number) == Judged.ACCEPTED
    returns.judge_units(number, _1=1)

    assert settled(returns, number)[-1] == WaitsFor.NOTHING
    assert returns.refunds.sums("refunded") == ("19.70",)


def test_a_fee_that_makes_no_sense_does_not_soften_a_refusal(returns: Returns) -> None:
    number = returns.announce(_1=1)
    senseless = {"type": "late", "words": "Late", "percent": 110}

    assert returns.judge(number, senseless, decision="refuse", words="Too late.") == Judged.REFUSED


def test_what_a_person_has_approved_needs_no_second_approval_when_more_joins(returns: Returns) -> None:
    number = returns.announce(_1=1)
    returns.judge(number, decision="approve", words="Late.")
    returns.approve(number)
    returns.receive(number, _1=1, _2=1)

    assert returns.judge(number) == Judged.ACCEPTED


@pytest.mark.parametrize("end", ["cancel", "refuse"])
def test_units_whose_refund_ended_unpaid_are_due_again_once_a_person_says_so(returns: Returns, end: str) -> None:
    number = returns.approved(LABEL, policy=SHIPPING, _1=1)
    returns.arrive(number, "DOCK-1", {"_1": 1})
    refund = returns.next_refund(number)
    getattr(returns.refunds, end)(refund)

    assert returns.give_back(number) == []
    assert returns.settle(number) == WaitsFor.UNPAID
    returns.decide(number, "ask_again")
    assert returns.paid_back(*returns.give_back(number)) == ["14.70"]


@pytest.mark.parametrize("end", ["cancel", "refuse"])
def test_units_whose_refund_ended_unpaid_leave_the_return_if_a_person_says_so(returns: Returns, end: str) -> None:
    number = returns.approved(_1=1)
    returns.arrive(number, "DOCK-1", {"_1": 1})
    getattr(returns.refunds, end)(returns.next_refund(number))

    returns.decide(number, "no_money")

    assert returns.settle(number) == WaitsFor.NOTHING
    assert (returns.state(number), returns.refunds.sums("refunded")) == ("completed", ("0.00",))


def test_units_of_a_line_with_other_fees_follow_in_a_refund_of_their_own(returns: Returns) -> None:
    number = returns.approved(RESTOCKING, _1=1)
    returns.receive(number, _1=2)
    returns.judge(number)
    returns.judge_units(number, _1=2)

    assert settled(returns, number)[-1] == WaitsFor.NOTHING
    assert returns.refunds.sums("refunded") == ("37.43",), "19.70 with and 17.73 less the fee"


def test_a_unit_that_comes_back_before_it_was_delivered_is_not_waited_for(returns: Returns) -> None:
    number = returns.approved(_2=1)
    returns.receive(number, _2=1)
    deliver_parcel(returns.money, shipment_ids(returns.money)[0])

    assert returns.money.waiting_messages().count("item-delivered") == 3


def test_a_scan_before_the_approval_counts(returns: Returns) -> None:
    number = returns.announce(_1=1)
    returns.scan(number, "DHL-1")
    returns.judge(number, refund_when="carrier_scan")

    assert returns.state(number) == "in_transit"
    assert len(returns.give_back(number)) == 1


def test_more_than_was_announced_may_come_after_the_return_has_ended(returns: Returns) -> None:
    number = returns.approved(_1=1)
    returns.cancel(number)

    assert returns.receive(number, _1=3) == []


def test_a_box_of_unknown_goods_changes_nothing_but_the_list_of_receipts(returns: Returns) -> None:
    number = returns.approved(policy={"refund_when": "carrier_scan"}, _1=3)

    assert returns.receive_raw(number, "DOCK-1", ("nope", 1)) == [{"line_id": "nope", "quantity": 1}]

    assert (returns.state(number), returns.give_back(number)) == ("expected", [])
    returns.cancel(number)


def test_a_parcel_with_the_goods_of_two_returns_is_received_for_both(returns: Returns) -> None:
    first, second = returns.approved(_1=1), returns.approved(_1=1, _2=1)

    for _ in range(2):
        assert returns.receive(first, _1=3, _2=1) == []

    assert [row[:4] for row in returns.units(second)] == [("1", 2, 1, "pending"), ("2", 1, 1, "pending")]
    assert [row[1:4] for row in returns.units(first)] == [(1, 1, "pending"), (3, 1, "pending")], "the third joined"
    assert (returns.state(first), returns.state(second)) == ("received", "received")


def test_a_lost_unit_that_turns_up_goes_into_stock_and_is_not_paid_again(returns: Returns) -> None:
    returns.refunds.paid(items=[{"line_id": "1", "units": [3], "goods": "lost"}])
    number = returns.approved(_1=2)
    before = stock_of(returns.money, "1").get("sellable", 0)

    assert returns.receive(number, _1=3) == []
    returns.judge_units(number, _1=3)

    assert settled(returns, number)[-1] == WaitsFor.NOTHING
    assert returns.refunds.sums("refunded") == ("59.10",)
    assert stock_of(returns.money, "1")["sellable"] == before + 3
    assert fates_of(returns.money, "1") == {"returned": 3}


def test_unknown_goods_of_a_line_named_twice_are_all_told(returns: Returns) -> None:
    number = returns.approved(_3=2)

    assert returns.receive_raw(number, "DOCK-1", ("3", 2), ("3", 2)) == [{"line_id": "3", "quantity": 2}]


def test_one_of_three_that_came_without_a_scan_is_paid_alone(returns: Returns) -> None:
    number = returns.approved(policy={"refund_when": "carrier_scan"}, _1=3)
    returns.receive(number, _1=1)

    assert returns.paid_back(*returns.give_back(number)) == ["19.70"]


def test_a_receipt_at_another_location_is_another_receipt(returns: Returns) -> None:
    number = returns.approved(_1=1)
    returns.receive(number, _1=1)

    with pytest.raises(ReceiptDiffers):
        returns.receive_raw(number, "DOCK-1", ("1", 1), location="main-street")


def test_a_unit_of_a_return_gets_no_other_remedy_while_it_is_expected(returns: Returns) -> None:
    returns.approved(_1=3)

    with pytest.raises(MoreThanRemains):
        returns.announce(_1=1)
    assert returns.refunds.ask(**of_line(1)).status_code == 409
