"""The capture of each shipment: its units, and each charge once (R4, R10); in sum never more than the order."""

from random import Random
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_api.orders.models import Order
from order_api.orders.units import ShippedUnits
from tests.factories.orders import charge, discount, line, order_body, ship_group, tax
from tests.factories.parcels import units_of, worth_by_shipment
from tests.factories.priced import built

FIRST, SECOND, THIRD = uuid4(), uuid4(), uuid4()


def mc10() -> Order:
    return built(
        order_body(
            line("20.00", 2, tax("3.20"), line_id="A"),
            line("33.33", 1, tax("2.67"), line_id="B"),
            line("15.00", 1, tax("1.20"), line_id="C"),
            ship_groups=[ship_group(charges=[charge("5.99")])],
        )
    )


def test_mc10_each_shipment_is_captured_and_together_they_are_the_order() -> None:
    order = mc10()
    first = [units_of(order, FIRST, 0, 1), units_of(order, FIRST, 1, 1)]
    second = [units_of(order, SECOND, 0, 2), units_of(order, SECOND, 2, 1)]

    values = worth_by_shipment(order, first + second)

    assert values == {FIRST: 63_59, SECOND: 37_80}
    assert sum(values.values()) == order.grand_total == 101_39


def test_mc10_what_was_canceled_before_the_second_shipment_is_not_captured() -> None:
    order = mc10()
    first = [units_of(order, FIRST, 0, 1), units_of(order, FIRST, 1, 1)]

    values = worth_by_shipment(order, [*first, units_of(order, SECOND, 0, 2)])

    assert values == {FIRST: 63_59, SECOND: 21_60}
    assert order.grand_total - sum(values.values()) == 16_20


def test_mc03_units_of_a_line_that_does_not_divide_are_captured_one_by_one() -> None:
    order = built(order_body(line("3.333333", 3)))

    values = worth_by_shipment(order, [units_of(order, s, 0, n) for n, s in enumerate([FIRST, SECOND, THIRD], 1)])

    assert list(values.values()) == [3_33, 3_34, 3_33]


def test_mc05_included_taxes_are_not_captured_on_top() -> None:
    order = built(order_body(line("1980", 3, tax("540", "0.10")), currency="JPY", tax_included=True))

    assert worth_by_shipment(order, [units_of(order, FIRST, 0, 1, 3)]) == {FIRST: 5940}


def test_a_ship_groups_charge_goes_with_its_first_shipment_and_the_orders_with_the_first_of_all() -> None:
    groups = [ship_group(charges=[charge("5.00")]), ship_group(id="office", charges=[charge("7.00")])]
    body = order_body(
        line("10.00", 2),
        line("20.00", line_id="2", ship_group="office"),
        ship_groups=groups,
        charges=[charge("1.00", "fee")],
    )
    order = built(body)
    shipped = [units_of(order, FIRST, 0, 1), units_of(order, SECOND, 1, 1), units_of(order, THIRD, 0, 2)]

    assert worth_by_shipment(order, shipped) == {FIRST: 16_00, SECOND: 27_00, THIRD: 10_00}


def test_a_charge_of_an_item_goes_with_its_units() -> None:
    order = built(order_body(line("10.00", 2, charges=[charge("1.01", "gift_wrap", taxes=[tax("0.08")])])))

    values = worth_by_shipment(order, [units_of(order, FIRST, 0, 1), units_of(order, SECOND, 0, 2)])

    assert values == {FIRST: 10_55, SECOND: 10_54}


def test_a_discounted_charge_is_captured_after_its_discount_with_its_tax() -> None:
    shipping = charge("5.00", discounts=[discount("2.50")], taxes=[tax("0.20")])
    order = built(order_body(line("10.00"), ship_groups=[ship_group(charges=[shipping])]))

    assert worth_by_shipment(order, [units_of(order, FIRST, 0, 1)]) == {FIRST: 12_70}


@pytest.mark.parametrize("tax_included", [False, True])
@given(
    quantities=st.lists(st.integers(1, 7), min_size=1, max_size=4),
    prices=st.lists(st.integers(0, 9999), min_size=4, max_size=4),
    seed=st.integers(0, 2**32),
)
def test_units_shipped_in_any_order_and_any_parcels_are_worth_the_whole_order(
    tax_included: bool, quantities: list[int], prices: list[int], seed: int
) -> None:
    order = order_of(quantities, prices, tax_included)
    shipped = in_any_parcels(order, Random(seed))

    assert sum(worth_by_shipment(order, shipped).values()) == order.grand_total


def order_of(quantities: list[int], prices: list[int], tax_included: bool) -> Order:
    wrap = charge("1.01", "gift_wrap")
    lines = [
        line(f"{p / 100:.2f}", n, line_id=str(i), charges=[wrap])
        for i, (n, p) in enumerate(zip(quantities, prices, strict=False))
    ]
    groups = [ship_group(charges=[charge("5.99")])]
    worth = sum(p * n for p, n in zip(prices, quantities, strict=False))
    offers = [discount(f"{worth // 3 / 100:.2f}")]
    return built(
        order_body(
            *lines, ship_groups=groups, discounts=offers, charges=[charge("0.99", "fee")], tax_included=tax_included
        )
    )


def in_any_parcels(order: Order, random: Random) -> list[ShippedUnits]:
    """Units of a line leave in the order of their numbers; parcels and lines are mixed."""
    parcels = [uuid4() for _ in range(3)]
    whose = [index for index, item in enumerate(order.items) for _ in range(item.quantity)]
    random.shuffle(whose)
    numbers = [whose[: at + 1].count(index) for at, index in enumerate(whose)]
    return [units_of(order, random.choice(parcels), i, n) for i, n in zip(whose, numbers, strict=True)]
