"""What a return waits for, and what time and carriers do to it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from order_api.core import clock
from order_api.core.database import transaction
from order_api.refunds.errors import MoreThanRemains
from order_api.returns import repository
from order_api.returns.judge import judge_return
from order_api.returns.question import LineQuestion
from order_api.returns.settle import WaitsFor
from tests.factories.fates import change, rows
from tests.factories.refunds import WORKER
from tests.factories.returned_goods import POLICY, Returns


def grant_all(returns: Returns) -> None:
    for refund in returns.refunds.order()["refunds"]:
        if refund["state"] == "requested":
            returns.refunds.grant(refund["number"])
            returns.refunds.pay(refund["number"])


def test_a_return_waits_for_goods_then_for_verdicts_and_is_completed_once(returns: Returns) -> None:
    number = returns.approved(_1=2)
    seen = [returns.settle(number)]
    returns.receive(number, _1=2)
    seen.append(returns.settle(number))
    returns.judge_units(number, _1=2)
    seen += [returns.settle(number) for _ in range(2)]
    grant_all(returns)
    seen += [returns.settle(number) for _ in range(2)]

    waits = [WaitsFor.GOODS, WaitsFor.VERDICT, WaitsFor.REFUND, WaitsFor.REFUND, WaitsFor.NOTHING, WaitsFor.NOTHING]
    assert seen == waits
    assert (returns.state(number), returns.refunds.sums("refunded")) == ("completed", ("39.40",))


def test_units_that_joined_wait_for_the_tables(returns: Returns) -> None:
    number = returns.approved(_1=1)
    returns.receive(number, _1=1, _2=1)

    assert returns.settle(number) == WaitsFor.POLICY
    returns.judge(number)
    assert returns.settle(number) == WaitsFor.VERDICT


def test_what_does_not_come_in_time_is_free_again(returns: Returns) -> None:
    number = returns.approved(_1=2)

    assert [returns.expire(number) for _ in range(2)] == [False, False]

    assert (returns.state(number), returns.settle(number)) == ("expired", WaitsFor.OVER)
    returns.announce(_1=3)


def test_what_came_is_paid_although_the_rest_did_not_come(returns: Returns) -> None:
    number = returns.approved(_1=2)
    returns.receive(number, _1=1)
    assert not returns.expire(number)
    returns.judge_units(number, _1=1)

    assert returns.settle(number) == WaitsFor.REFUND
    grant_all(returns)
    assert returns.settle(number) == WaitsFor.NOTHING
    assert returns.refunds.sums("refunded") == ("19.70",)


def test_units_that_were_paid_for_early_and_do_not_come_stay_with_the_return(returns: Returns) -> None:
    number = returns.approved(policy={"refund_when": "at_once"}, _1=1)
    returns.give_back(number)

    assert returns.expire(number)

    with pytest.raises(MoreThanRemains):
        returns.announce(_1=3)
    returns.announce(_1=2)


def test_goods_that_the_customer_keeps_are_paid_for_and_complete_the_return(returns: Returns) -> None:
    number = returns.approved(policy={"goods_kept": True}, _1=1)

    assert returns.settle(number) == WaitsFor.REFUND
    grant_all(returns)
    assert returns.settle(number) == WaitsFor.NOTHING
    assert returns.refunds.sums("refunded") == ("19.70",)
    assert returns.units(number) == [("1", 1, 1, None, False)]


def test_a_scan_moves_a_return_once_and_never_back(returns: Returns) -> None:
    number = returns.approved(policy={"refund_when": "carrier_scan"}, _1=1)
    for reference in ("DHL-1", "DHL-1", "DHL-2"):
        returns.scan(number, reference)
    assert returns.state(number) == "in_transit"
    assert len(returns.give_back(number)) == 1

    returns.receive(number, _1=1)
    returns.scan(number, "DHL-0")

    assert returns.state(number) == "received"


def test_days_count_from_the_delivery_by_the_calendar_of_the_shop(returns: Returns) -> None:
    number = returns.announce(_1=2)
    change(returns.money, "UPDATE unit_ranges SET at = at - interval '3 days' WHERE order_id = :id")
    [on_its_way] = returns.questions(number)
    change(
        returns.money,
        "INSERT INTO unit_ranges (order_id, item_id, first_unit, quantity, fate, cause_kind,"
        " cause_id, at) SELECT order_id, item_id, 1, 2, 'delivered', cause_kind, cause_id, at + interval '1 day'"
        " FROM unit_ranges WHERE order_id = :id AND quantity = 3",
    )

    [delivered] = returns.questions(number)

    assert (on_its_way.days, on_its_way.is_delivered) == (3, False)
    assert (delivered.days, delivered.is_delivered, delivered.amount, delivered.fault) == (2, True, "39.40", "customer")


def test_units_that_join_count_their_days_by_the_first_scan(returns: Returns) -> None:
    number = returns.approved(_1=1)
    returns.scan(number, "DHL-1")
    returns.receive(number, _1=2)
    for table, column, key, days in (
        ("unit_ranges", "at", "order_id", 9),
        ("return_scans", "at", "return_id", 5),
        ("return_receipts", "received_at", "return_id", 3),
    ):
        of = ":id" if key == "order_id" else "(SELECT id FROM returns WHERE order_id = :id)"
        change(returns.money, f"UPDATE {table} SET {column} = {column} - interval '{days} days' WHERE {key} = {of}")

    with transaction() as session:
        asked = judge_return(session, WORKER, repository.get(session, WORKER, number).subject, None)

    assert isinstance(asked, LineQuestion)
    assert (asked.quantity, asked.days) == (1, 4)


def test_the_share_that_a_customer_returned_counts_all_orders_of_a_year(returns: Returns) -> None:
    change(returns.money, "UPDATE orders SET customer_email = id || '@example.com' WHERE id = :id")
    number = returns.approved(_2=1)
    returns.arrive(number, "DOCK-1", {"_2": 1})
    returns.give_back(number)
    later = returns.announce(_1=1)

    [question] = returns.questions(later)

    assert question.returned_share == 39, "44.35 of 116.49"


def test_money_is_due_from_the_receipt_until_it_goes_back(returns: Returns) -> None:
    number = returns.approved(policy={"refund_days": 14}, _1=2)
    seen = []
    for step in (None, returns.receive, returns.judge_units):
        if step is not None:
            step(number, _1=1)
        returns.settle(number)
        seen += rows(returns.money, "SELECT refund_due_by FROM returns WHERE order_id = :id")

    end_of_day = datetime.combine((clock.now() + timedelta(days=15)).date(), time.min, UTC)
    assert [due_by for (due_by,) in seen] == [None, end_of_day, end_of_day]
    grant_all(returns)
    returns.settle(number)
    assert rows(returns.money, "SELECT refund_due_by FROM returns WHERE order_id = :id") == [(None,)]


def test_the_last_day_is_counted_from_the_announcement(returns: Returns) -> None:
    returns.approved(_1=1)

    [(last_day,)] = rows(returns.money, "SELECT last_day FROM returns WHERE order_id = :id")

    assert last_day == (clock.now() + timedelta(days=POLICY["days_to_arrive"])).date()
