"""An amount with more decimals than its currency is refused with its field, never rounded."""

from decimal import Decimal

import pytest

from order_api.proof.priced_order import (
    Difference,
    PricedCharge,
    PricedDiscount,
    PricedLine,
    PricedOrderDiscount,
    PricedShare,
    PricedTax,
)
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
def test_too_many_decimals_are_reported_by_field(field: str, changes: Json) -> None:
    found = reading_differences(order_body(**{"totals": TOTALS, **changes}))

    assert [(difference.field, difference.code) for difference in found] == [(field, "too_many_decimals")]


def test_what_was_sent_is_reported_with_all_its_decimals() -> None:
    found = reading_differences(order_body(totals={**TOTALS, "taxes": "0.000001"}))

    assert found == [Difference("totals.taxes", "too_many_decimals", "USD has 2 decimals.", sent="0.000001")]


def test_a_currency_without_decimals_takes_none() -> None:
    found = reading_differences(order_body(line("5"), currency="JPY", totals={**TOTALS, "items": "5.5"}))

    assert found == [Difference("totals.items", "too_many_decimals", "JPY has 0 decimals.", sent="5.5")]


def test_an_amount_that_could_not_be_read_counts_as_zero() -> None:
    order = priced(order_body(charges=[charge("5.999")], totals=TOTALS))

    assert order.charges[0].amount == 0


def test_every_part_is_read_with_its_field_and_the_channels_own_words() -> None:
    wrap = charge("3.00", "gift_wrap", name="Red paper", discounts=[discount("1.00", "FREE")], taxes=[tax("0.16")])
    shirt = line("20.005", 2, tax("3.12"), line_id="shirt", list_price="25.00", discounts=[discount("1.00", "SALE")])
    offer = discount("2.00", "WELCOME", shares=[{"line_id": "shirt", "amount": "2.00"}])
    body = order_body(shirt | {"charges": [wrap]}, discounts=[offer], charges=[charge("5.00")])

    order = priced(body)

    state = PricedTax("items.0.charges.0.taxes.0", "state", Decimal("0.08"), 16)
    free = PricedDiscount("items.0.charges.0.discounts.0", "FREE", 1_00)
    paper = PricedCharge("items.0.charges.0", "gift_wrap", "Red paper", 3_00, [free], [state])
    sale = PricedDiscount("items.0.discounts.0", "SALE", 1_00)
    taxes = [PricedTax("items.0.taxes.0", "state", Decimal("0.08"), 3_12)]
    prices = Decimal("20.005"), Decimal("25.00")
    share = PricedShare("discounts.0.shares.0", "shirt", 0, 2_00)
    assert order.lines == [PricedLine("items.0", "shirt", *prices, 2, 40_01, [sale], taxes, [paper])]
    assert order.charges == [PricedCharge("charges.0", "shipping", None, 5_00, [], [])]
    assert order.discounts == [PricedOrderDiscount("discounts.0", "WELCOME", 2_00, [0], [share])]
    assert (order.currency, order.tax_included, order.tenders) == ("USD", False, [47_29])


def test_unit_and_list_price_may_have_more_decimals_than_the_currency() -> None:
    order = priced(order_body(line("0.123456", 10, list_price="0.2")))

    assert order.lines[0].amount == 1_23


def test_the_list_price_defaults_to_the_unit_price() -> None:
    order = priced(order_body(line("19.99")))

    assert order.lines[0].list_price == order.lines[0].unit_price


@pytest.mark.parametrize(
    ("offer", "field"),
    [
        (discount("1.00", eligible_lines=["1", "no-line"]), "discounts.0.eligible_lines.1"),
        (discount("1.00", shares=[{"line_id": "no-line", "amount": "1.00"}]), "discounts.0.shares.0.line_id"),
    ],
)
def test_a_discount_of_an_item_that_is_not_there_is_reported_by_field(offer: Json, field: str) -> None:
    found = reading_differences(order_body(discounts=[offer]))

    assert found == [Difference(field, "unknown_line", "No item has this line_id.", sent="no-line")]


def test_two_shares_of_one_item_are_refused_instead_of_one_being_lost() -> None:
    shares = [{"line_id": "1", "amount": "9.99"}, {"line_id": "1", "amount": "1.00"}]

    found = reading_differences(order_body(discounts=[discount("1.00", shares=shares)]))

    assert [(difference.field, difference.code) for difference in found] == [
        ("discounts.0.shares.1.line_id", "repeated_line")
    ]
