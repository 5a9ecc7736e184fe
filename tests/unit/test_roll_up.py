"""From the moment its items go to fulfillment, the status of an order follows from its units."""

import pytest

from order_api.orders.roll_up import ROLLED_UP, UnitCounts, rolled_up
from order_api.orders.status import ORDER_STATUSES


@pytest.mark.parametrize(
    ("units", "status"),
    [
        (UnitCounts(3, 0, 0, is_sent=False), None),
        (UnitCounts(3, 0, 0, is_sent=True), "submitted_to_fulfillment"),
        (UnitCounts(3, 1, 0, is_sent=True), "partially_shipped"),
        (UnitCounts(3, 3, 0, is_sent=True), "shipped"),
        (UnitCounts(3, 2, 1, is_sent=True), "partially_delivered"),
        (UnitCounts(3, 3, 2, is_sent=True), "partially_delivered"),
        (UnitCounts(3, 3, 3, is_sent=True), "delivered"),
        (UnitCounts(0, 0, 0, is_sent=True), None),
    ],
)
def test_units_that_are_not_canceled_decide_until_the_order_is_settled(units: UnitCounts, status: str | None) -> None:
    assert rolled_up(units, is_closed=False) == status


def test_a_canceled_rest_makes_what_left_the_whole_order() -> None:
    """Of three units one was canceled."""
    assert rolled_up(UnitCounts(2, 2, 0, is_sent=True), is_closed=False) == "shipped"


@pytest.mark.parametrize(("remaining", "status"), [(2, "completed"), (0, "canceled")])
def test_a_settled_order_is_completed_unless_no_unit_is_left(remaining: int, status: str) -> None:
    assert rolled_up(UnitCounts(remaining, remaining, 0, is_sent=True), is_closed=True) == status


def test_each_status_that_follows_from_units_has_a_category() -> None:
    assert set(ROLLED_UP) <= set(ORDER_STATUSES)
