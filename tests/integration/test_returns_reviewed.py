"""What a fresh reader found: each unit is paid for once or not at all, and no flow waits in vain."""

import pytest

from order_api.notifications.notices import Notice
from order_api.refunds.errors import MoreThanRemains
from order_api.returns.errors import AlreadyPaid
from order_api.returns.judge import Judged
from order_api.returns.settle import WaitsFor
from order_api.stores.reasons import Fault
from tests.factories.fates import rows
from tests.factories.refunds import of_line, unit
from tests.factories.returned_goods import Returns, stock_of
from tests.integration.test_return_mails import told
from tests.integration.test_returns_over_time import grant_all


def refuse_refund(returns: Returns) -> None:
    returns.refunds.refuse(returns.refunds.order()["refunds"][-1]["number"])


# Money and stock.


def test_goods_whose_refund_by_hand_still_waits_are_not_taken_for_paid(returns: Returns) -> None:
    """The refund may be refused; a person deals with the goods."""
    refund = returns.refunds.asked(**unit(1, 2, 3))
    number = returns.approved(_2=1)
    returns.receive(number, _1=1, _2=1)
    returns.judge(number)
    returns.refunds.refuse(refund)

    assert returns.settle(number) == WaitsFor.UNKNOWN
    assert [line for line, *_ in returns.units(number)] == ["2"]


def test_goods_that_a_refund_by_hand_paid_for_are_not_sent_back(returns: Returns) -> None:
    returns.refunds.paid(**of_line(1, "1", "lost"))
    number = returns.approved(_1=1)
    returns.receive(number, _1=3)
    returns.judge(number)

    with pytest.raises(AlreadyPaid):
        returns.judge_units(number, verdict="sent_back", _1=3)


def test_goods_whose_refund_was_refused_may_be_sent_back(returns: Returns) -> None:
    number = returns.approved(policy={"refund_when": "received"}, _1=1)
    returns.receive(number, _1=1)
    returns.settle(number)
    refuse_refund(returns)
    returns.decide(number, "no_money")

    returns.judge_units(number, verdict="sent_back", _1=1)

    assert returns.settle(number) == WaitsFor.NOTHING
    returns.announce(_1=3)


def test_goods_that_a_supervisor_gave_no_money_for_cannot_be_announced_again(returns: Returns) -> None:
    number = returns.approved(policy={"refund_when": "received"}, _1=1)
    returns.receive(number, _1=1)
    returns.settle(number)
    refuse_refund(returns)
    returns.decide(number, "no_money")
    returns.judge_units(number, _1=1)

    assert returns.settle(number) == WaitsFor.NOTHING
    with pytest.raises(MoreThanRemains):
        returns.announce(_1=3)


def test_goods_that_are_refused_do_not_go_into_stock_unseen(returns: Returns) -> None:
    before = stock_of(returns.money, "1")
    number = returns.announce(_1=1)
    returns.receive(number, _1=1)
    assert returns.judge(number, decision="refuse", words="Final sale.", inspect=False) == Judged.REFUSED
    returns.refuse(number)

    assert returns.settle(number) == WaitsFor.VERDICT
    assert stock_of(returns.money, "1") == before


def test_a_surcharge_counts_at_the_sellers_fault_too(returns: Returns) -> None:
    fee = {"type": "surcharge", "words": "Worn.", "amount": "5.00", "per": "line"}
    late = {"type": "late", "words": "Late.", "percent": 10}
    number = returns.approved(fee, late, reason="wrong_item", _1=1)
    returns.arrive(number, "DOCK-1", {"_1": 1})

    assert returns.paid_back(*returns.give_back(number)) == ["14.70"], Fault.SELLER


# The flow.


def messages(returns: Returns, number: str) -> int:
    query = f"SELECT 1 FROM outbox WHERE business_key = '{number}' AND kind = 'message' AND state = 'pending'"
    return len(rows(returns.money, query))


def test_a_repeated_receipt_does_not_open_a_return_again(returns: Returns) -> None:
    number = returns.approved(_1=1)
    returns.receive_raw(number, "DOCK-1", ("1", 1), unexpected="A grey scarf")
    returns.settle(number)
    returns.decide(number, "dealt_with")
    returns.judge_units(number, _1=1)
    returns.settle(number)
    grant_all(returns)
    assert returns.settle(number) == WaitsFor.NOTHING

    returns.receive_raw(number, "DOCK-1", ("1", 1), unexpected="A grey scarf")

    assert returns.state(number) == "completed"


def test_goods_that_the_customer_keeps_are_not_missed(returns: Returns) -> None:
    number = returns.announce(_1=1, _2=1)
    returns.judge_each(number, {"1": {"goods_kept": True, "refund_when": "at_once"}}, {})
    returns.settle(number)
    grant_all(returns)

    assert not returns.expire(number)
    assert returns.settle(number) in (WaitsFor.NOTHING, WaitsFor.OVER)


def test_the_last_verdict_about_a_parcel_wakes_the_flow_although_another_parcel_waits(returns: Returns) -> None:
    number = returns.approved(_1=2)
    returns.receive(number, "A", _1=1)
    returns.receive(number, "B", _1=1)
    returns.settle(number)

    returns.judge_units(number, "A", _1=1)

    assert messages(returns, number) == 1
    assert returns.settle(number) == WaitsFor.REFUND


def test_another_refund_that_waits_holds_up_the_money_but_no_inspection(returns: Returns) -> None:
    policy = {"shipping_back": "standard", "refund_when": "received"}
    number = returns.approved(policy=policy, _1=1)
    waiting = returns.refunds.asked(price_reductions=[{"amount": "1.00", "line_id": "1"}])
    returns.receive(number, _1=1)

    assert returns.settle(number) == WaitsFor.VERDICT
    returns.refunds.refuse(waiting)
    assert returns.settle(number) == WaitsFor.REFUND


def test_a_return_that_was_canceled_undecided_is_not_asked_about_again(returns: Returns) -> None:
    number = returns.announce(_1=1)
    assert returns.judge(number, decision="approve", words="Late.") == Judged.SUPERVISOR
    returns.cancel(number)
    returns.receive_raw(number, "DOCK-1", unexpected="A grey scarf")

    assert returns.judge(number) == Judged.REFUSED
    assert returns.settle(number) == WaitsFor.UNKNOWN


def test_money_is_due_until_its_refund_is_granted(returns: Returns) -> None:
    number = returns.approved(policy={"refund_when": "received"}, _1=1)
    returns.receive(number, _1=1)

    assert returns.settle(number) == WaitsFor.REFUND
    [(due,)] = rows(returns.money, "SELECT refund_due_by FROM returns WHERE order_id = :id")
    assert due is not None
    grant_all(returns)
    returns.settle(number)
    assert rows(returns.money, "SELECT refund_due_by FROM returns WHERE order_id = :id") == [(None,)]


# Decisions.


def test_a_supervisor_who_refuses_leaves_alone_what_the_table_accepted(returns: Returns) -> None:
    number = returns.announce(_1=1, _2=1)
    returns.judge_each(number, {"2": {"decision": "approve", "words": "Late."}}, {})

    returns.refuse(number)

    assert returns.state(number) == "expected"
    assert [(line, is_out) for line, *_, is_out in returns.units(number)] == [("1", False), ("2", True)]
    [mail] = told(returns, number, Notice.RETURN_APPROVED)
    assert "1 x " in mail


# Mails.


def test_no_mail_says_that_goods_have_come_which_belong_to_another_return(returns: Returns) -> None:
    number, other = returns.approved(_1=1), returns.approved(_2=1)
    returns.receive(number, _2=1)

    assert told(returns, number, Notice.RETURN_RECEIVED) == []
    assert len(told(returns, other, Notice.RETURN_RECEIVED)) == 1


def test_goods_that_came_late_are_not_missing(returns: Returns) -> None:
    number = returns.approved(_1=1)
    returns.expire(number)
    returns.receive(number, _1=1)
    returns.judge(number)

    [mail] = told(returns, number, Notice.RETURN_RECEIVED)

    assert "not received these yet" not in mail
