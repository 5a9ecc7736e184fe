"""The run time of each act grows linearly with the size of the order, never quadratically."""

from collections.abc import Callable
from time import process_time
from uuid import UUID, uuid4

import pytest

from order_api.orders.models import Order
from order_api.overview.compose import document_of
from order_api.overview.read import OrderView
from order_api.proof.bill import Bill
from tests.factories.orders import charge, discount, line, order_body, tax
from tests.factories.parcels import units_of, worth_by_shipment
from tests.factories.priced import built

SMALL, LARGE = 30, 240


def order_of(lines: int) -> Order:
    """Every line has sixteen charges with a tax and a share of twenty order discounts."""
    charges = [charge("1.00", f"extra_{i}", taxes=[tax("0.08")]) for i in range(16)]
    discounts = [discount(f"{lines}.00", f"D{i}") for i in range(20)]
    return built(
        order_body(*(line("50.00", line_id=str(i), charges=charges) for i in range(lines)), discounts=discounts)
    )


def read(order: Order) -> None:
    document_of(OrderView(order, Bill(order.grand_total)))


def value_each_line_as_a_parcel(order: Order) -> None:
    shipments: list[UUID] = [uuid4() for _ in order.items]
    worth_by_shipment(order, [units_of(order, s, i, 1) for i, s in enumerate(shipments)])


@pytest.mark.parametrize("act", [read, value_each_line_as_a_parcel])
def test_an_order_eight_times_as_large_takes_about_eight_times_as_long(act: Callable[[Order], None]) -> None:
    small, large = order_of(SMALL), order_of(LARGE)

    ratio = seconds(act, large) / seconds(act, small)

    assert ratio < 3 * LARGE / SMALL, "64 times as long would be quadratic"


def seconds(act: Callable[[Order], None], order: Order) -> float:
    """CPU time, best of three, to reduce the influence of other load."""

    def once() -> float:
        began = process_time()
        act(order)
        return process_time() - began

    return min(once() for _ in range(3))
