"""What people decide about returns that differ or do not come, and what goods that come late do."""

import pytest

from order_api.core import clock
from order_api.core.database import transaction
from order_api.returns.process import begin_process_again
from order_api.returns.settle import WaitsFor
from tests.factories.fates import change, rows
from tests.factories.returned_goods import Returns, stock_of
from tests.integration.test_returns_over_time import grant_all


@pytest.fixture
def paid_early(returns: Returns) -> str:
    """Its money went back at once, and its goods have not come in time."""
    number = returns.approved(policy={"refund_when": "at_once"}, _1=1)
    returns.give_back(number)
    assert returns.expire(number)
    return number


def test_goods_that_are_written_off_complete_the_return(returns: Returns, paid_early: str) -> None:
    assert returns.settle(paid_early) == WaitsFor.GOODS
    returns.decide(paid_early, "write_off_goods")

    assert returns.settle(paid_early) == WaitsFor.NOTHING
    assert (returns.state(paid_early), returns.refunds.sums("refunded")) == ("completed", ("19.70",))


def test_written_off_goods_that_come_after_all_go_into_stock_and_move_no_money(
    returns: Returns, paid_early: str
) -> None:
    before = stock_of(returns.money, "1").get("sellable", 0)
    returns.decide(paid_early, "write_off_goods")
    returns.settle(paid_early)

    returns.receive(paid_early, _1=1)
    assert returns.settle(paid_early) == WaitsFor.VERDICT
    returns.judge_units(paid_early, _1=1)

    assert returns.settle(paid_early) == WaitsFor.NOTHING
    assert stock_of(returns.money, "1")["sellable"] == before + 1
    assert returns.refunds.sums("refunded") == ("19.70",)


def test_a_person_may_give_goods_more_time(returns: Returns, paid_early: str) -> None:
    returns.decide(paid_early, "wait_longer")

    [(last_day,)] = rows(returns.money, "SELECT last_day FROM returns WHERE order_id = :id")
    assert (last_day - clock.now().date()).days == 30
    assert returns.settle(paid_early) == WaitsFor.GOODS


def test_goods_of_no_unit_of_the_order_wait_for_a_person(returns: Returns) -> None:
    number = returns.approved(_1=1)
    returns.receive_raw(number, "DOCK-1", ("1", 1), ("1", 9), unexpected="A grey scarf")
    returns.judge(number)

    assert returns.settle(number) == WaitsFor.UNKNOWN
    assert rows(
        returns.money, "SELECT unknown FROM return_receipts p JOIN returns r ON r.id = return_id WHERE order_id = :id"
    ) == [("7 more of line 1; A grey scarf",)]
    returns.decide(number, "dealt_with")
    assert returns.settle(number) == WaitsFor.VERDICT


def test_a_word_that_is_no_decision_changes_nothing(returns: Returns, paid_early: str) -> None:
    returns.decide(paid_early, "shrug")

    assert returns.settle(paid_early) == WaitsFor.GOODS


def test_goods_that_are_not_inspected_go_into_stock_as_they_come(returns: Returns) -> None:
    before = stock_of(returns.money, "1").get("sellable", 0)
    number = returns.approved(policy={"inspect": False}, _1=2)
    returns.receive(number, _1=2)

    assert returns.settle(number) == WaitsFor.REFUND
    grant_all(returns)
    assert returns.settle(number) == WaitsFor.NOTHING
    assert stock_of(returns.money, "1")["sellable"] == before + 2
    judged = (
        "SELECT actor_id, details ->> 'verdict' FROM order_history WHERE order_id = :id AND event = 'return.judged'"
    )
    assert rows(returns.money, judged) == [("return-policy", "resellable")]


def test_goods_that_come_after_the_end_begin_the_process_again_once_it_has_ended(returns: Returns) -> None:
    """The relay finds that the process has ended for which it has a message."""
    number = returns.approved(_1=1)
    change(returns.money, f"UPDATE outbox SET state = 'done' WHERE business_key = '{number}'")
    returns.expire(number)
    assert returns.settle(number) == WaitsFor.OVER
    assert not begin_again(number)

    returns.receive(number, _1=1)

    messages = f"SELECT name, state FROM outbox WHERE business_key = '{number}' AND kind = 'message'"
    assert rows(returns.money, messages) == [("return-changed", "pending")]
    assert begin_again(number)
    starts = f"SELECT name, state FROM outbox WHERE business_key = '{number}' AND kind = 'start' ORDER BY id"
    assert rows(returns.money, starts) == [("order-return", "done"), ("order-return", "pending")]


def begin_again(number: str) -> bool:
    with transaction() as session:
        return begin_process_again(session, number)
