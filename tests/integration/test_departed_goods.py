"""What acts take of goods that have departed is stored, so that the next act reads exactly what is left."""

import time
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from order_api.bill.departed import DepartedGoods, departed_goods, line_of
from order_api.bill.models import Adjustment, AdjustmentKind
from order_api.bill.remedies import release_remedy, take_remedy
from order_api.bill.take import take
from order_api.core.database import transaction
from order_api.orders import repository
from order_api.orders.fates import Cause, CauseKind
from order_api.orders.models import Order
from order_api.proof.give_up import (
    DepartedLine,
    MoreThanRemains,
    Taken,
    lowest_free,
    reduce_line,
    reduce_order,
    take_units,
)
from order_api.proof.remaining import Range
from tests.factories.money import Money
from tests.factories.orders import Json, line, tax
from tests.factories.refunds import three_lines
from tests.fixtures.service import Client


class Acts:
    """The acts of a refund on the stored bill, without a gateway."""

    def __init__(self, money: Money) -> None:
        self.money = money

    def _read(self) -> tuple[Order, DepartedGoods]:
        with transaction() as session:
            order = repository.get_for_update(session, self.money.actor, self.money.id, Order.items)
            return order, departed_goods(session, order)

    def line(self, line_id: str) -> DepartedLine:
        order, goods = self._read()
        departed = line_of(goods, repository.ItemsByLine(order)[line_id])
        assert departed is not None
        return departed

    def refund(self, line_id: str, count: int) -> Cause:
        cause = Cause(CauseKind.REFUND, uuid4())
        with transaction() as session:
            order = repository.get_for_update(session, self.money.actor, self.money.id, Order.items)
            goods = departed_goods(session, order)
            departed = line_of(goods, repository.ItemsByLine(order)[line_id])
            assert departed is not None
            units: Sequence[Range] = lowest_free(departed, count)
            taken = take_units(departed, units, tax_included=order.tax_included)
            take(session, order, cause, AdjustmentKind.UNITS_LOST, goods, taken)
            take_remedy(session, order.id, cause, {departed.line.id: units})
        return cause

    def reduce(self, amount: int, line_id: str | None = None) -> list[Taken]:
        with transaction() as session:
            order = repository.get_for_update(session, self.money.actor, self.money.id, Order.items)
            goods = departed_goods(session, order)
            if line_id is None:
                taken = reduce_order(goods.lines, goods.charges, amount, tax_included=order.tax_included)
            else:
                departed = line_of(goods, repository.ItemsByLine(order)[line_id])
                assert departed is not None
                taken = reduce_line(departed, amount, tax_included=order.tax_included)
            take(session, order, Cause(CauseKind.REFUND, uuid4()), AdjustmentKind.PRICE_REDUCTION, goods, taken)
        return taken


def due(channel: Client, money: Money) -> Json:
    return dict(channel.get(f"/v1/orders/{money.id}").get_json()["bill"])


def test_units_give_back_their_worth_one_by_one_and_all_is_exactly_all(channel: Client) -> None:
    """AS05: 19.70 each."""
    money = three_lines(channel)
    money.ship(**{"1": 3, "2": 1, "3": 2})
    acts, seen = Acts(money), []

    for _ in range(3):
        acts.refund("1", 1)
        seen.append(due(channel, money)["due"])

    assert seen == ["96.79", "77.09", "57.39"]
    assert acts.line("1").remaining.gross == 0
    with pytest.raises(MoreThanRemains) as refused:
        acts.refund("1", 1)
    assert (refused.value.remaining, refused.value.free_units) == (0, 0)


def test_units_of_two_parcels_give_back_after_a_reduction_what_is_left_of_them(channel: Client) -> None:
    """AS07, but two units left with another parcel than the third: 5.00 off, then 18.03, 18.03 and 18.04."""
    money = three_lines(channel)
    money.ship(**{"1": 2})
    money.ship(**{"1": 1, "2": 1, "3": 2})
    acts = Acts(money)

    acts.reduce(5_00, "1")
    left = []
    for _ in range(3):
        left.append(acts.line("1").remaining.gross)
        acts.refund("1", 1)

    assert left == [54_10, 36_07, 18_04]
    assert acts.line("1").remaining.gross == 0


def test_a_reduction_of_the_order_is_split_over_lines_and_charges(channel: Client) -> None:
    """AS08."""
    money = three_lines(channel)
    money.ship(**{"1": 3, "2": 1, "3": 2})

    taken = Acts(money).reduce(10_00)

    assert [(part.parts.gross, part.parts.net) for part in taken] == [(5_07, 4_68), (3_81, 3_52), (56, 52), (56, 52)]
    assert due(channel, money)["due"] == "106.49"
    kinds = {adjustment["kind"] for adjustment in due(channel, money)["adjustments"]}
    assert kinds == {"price_reduction"}


def test_a_remedy_that_is_released_frees_its_units(channel: Client) -> None:
    money = three_lines(channel)
    money.ship(**{"1": 3})
    acts = Acts(money)

    with transaction() as session:
        cause = Cause(CauseKind.REFUND, uuid4())
        take_remedy(session, money.id, cause, {money.items["1"]: [(1, 2)]})
    assert acts.line("1").free == [(3, 1)]

    for _ in range(2):
        with transaction() as session:
            release_remedy(session, cause)

    assert acts.line("1").free == [(1, 3)]


ENDLESS = 3.0
"""Seconds of CPU: a walk over all units takes longer. `make bench` measures the time that it should take."""


def test_ten_percent_off_a_line_of_100_000_units_takes_a_few_rows_and_little_time(channel: Client) -> None:
    many = line("0.10", 100_000, tax("800.00"), line_id="A")
    money = Money(channel, channel.place(many))
    money.ship(A=60_000)
    money.ship(A=40_000)
    acts = Acts(money)

    began = time.process_time()
    acts.reduce(1_080_00, "A")
    took = time.process_time() - began

    with transaction() as session:
        rows = session.scalar(select(func.count()).where(Adjustment.order_id == UUID(money.order["id"])))
    print(f"{rows} rows, {1000 * took:.0f} ms")
    assert rows == 4
    assert took < ENDLESS
    assert due(channel, money)["due"] == "9720.00"
