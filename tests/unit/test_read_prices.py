"""An amount that its currency cannot hold is refused by the name of its field, never rounded."""

import pytest

from order_api.proof.priced_order import Difference
from tests.factories.orders import Json, charge, discount, line, order_body, ship_group, tax
from tests.factories.priced import priced, reading_differences

TOTALS = {"items": "10.00", "discounts": "0", "charges": "0", "taxes": "0", "grand_total": "10.00"}


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("items.0.taxes.0.amount", {"items": [line("10.00", 1, tax("0.801"))]}),
        ("items.0.discounts.0.amount", {"items": [line(discounts=[discount("0.001")])]}),
        ("items.0.charges.0.amount", {"items": [line(charges=[charge("0.001")])]}),
        ("items.0.charges.0.taxes.0.amount", {"items": [line(charges=[charge("0.01", taxes=[tax("0.001")])])]}),
        ("ship_groups.0.charges.0.amount", {"ship_groups": [ship_group(charges=[charge("5.999")])]}),
        ("charges.0.discounts.0.amount", {"charges": [charge("5.99", discounts=[discount("0.001")])]}),
        ("discounts.0.amount", {"discounts": [discount("0.001")]}),
        (
            "discounts.0.shares.0.amount",
            {"discounts": [discount("1.00", shares=[{"line_id": "1", "amount": "0.001"}])]},
        ),
        ("tenders.0.amount", {"tenders": [{"type": "invoice", "amount": "10.001"}]}),
        ("totals.grand_total", {"totals": {**TOTALS, "grand_total": "10.001"}, "tenders": []}),
    ],
)
def test_too_many_decimals_are_told_by_field(field: str, changes: Json) -> None:
    found = reading_differences(order_body(**{"totals": TOTALS, **changes}))

    assert [(difference.field, difference.code) for difference in found] == [(field, "too_many_decimals")]


def test_what_was_sent_is_told_with_all_its_decimals() -> None:
    found = reading_differences(order_body(totals={**TOTALS, "taxes": "0.000001"}))

    assert found == [Difference("totals.taxes", "too_many_decimals", "USD has 2 decimals.", sent="0.000001")]


def test_a_currency_without_decimals_takes_none() -> None:
    found = reading_differences(order_body(line("5"), currency="JPY", totals={**TOTALS, "items": "5.5"}))

    assert found == [Difference("totals.items", "too_many_decimals", "JPY has 0 decimals.", sent="5.5")]


def test_unit_and_list_price_may_have_more_decimals_than_the_currency() -> None:
    order = priced(order_body(line("0.123456", 10, list_price="0.2")))

    assert order.lines[0].amount == 1_23


def test_without_a_list_price_it_is_the_unit_price() -> None:
    order = priced(order_body(line("19.99")))

    assert order.lines[0].list_price == order.lines[0].unit_price


@pytest.mark.parametrize(
    ("offer", "field"),
    [
        (discount("1.00", eligible_lines=["1", "nobody"]), "discounts.0.eligible_lines.1"),
        (discount("1.00", shares=[{"line_id": "nobody", "amount": "1.00"}]), "discounts.0.shares.0.line_id"),
    ],
)
def test_a_discount_of_an_item_that_is_not_there_is_told_by_field(offer: Json, field: str) -> None:
    found = reading_differences(order_body(discounts=[offer]))

    assert found == [Difference(field, "unknown_line", "No item has this line_id.", sent="nobody")]


def test_two_shares_of_one_item_are_refused_instead_of_one_being_lost() -> None:
    shares = [{"line_id": "1", "amount": "9.99"}, {"line_id": "1", "amount": "1.00"}]

    found = reading_differences(order_body(discounts=[discount("1.00", shares=shares)]))

    assert [(difference.field, difference.code) for difference in found] == [
        ("discounts.0.shares.1.line_id", "repeated_line")
    ]
