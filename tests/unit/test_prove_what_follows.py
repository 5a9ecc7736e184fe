"""The proof reports every difference that does not follow from another, and `expected` is never wrong."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.orders import Json, charge, discount, line, order_body, tax
from tests.factories.priced import differences, proven

Reported = tuple[str, str, str | None, str | None]


def shirt(**changes: Any) -> Json:
    return line("20.00", 1, tax("1.60"), line_id="shirt", **changes)


def mug(**changes: Any) -> Json:
    return line("10.00", 1, tax("0.80"), line_id="mug", **changes)


WRONG_MUG_TAX: Reported = ("items.1.taxes.0.amount", "tax_differs", "0.90", "0.80")


def with_wrong_mug_tax(item: Json, **changes: Any) -> Json:
    return order_body(item, line("10.00", 1, tax("0.90"), line_id="mug"), **changes)


# Unknown values are not reported, all others are.


def test_an_order_discount_above_its_lines_is_the_only_difference() -> None:
    body = order_body(shirt(), mug(), discounts=[discount("30.01")])

    assert differences(body) == [("discounts.0.amount", "discount_exceeds_amount", "30.01", "30.00")]


def test_beside_an_order_discount_above_its_lines_unrelated_differences_are_reported() -> None:
    body = with_wrong_mug_tax(
        shirt(), discounts=[discount("20.01", eligible_lines=["shirt"])], charges=[charge("5.00")]
    )
    body["totals"] |= {"items": "31.00", "charges": "4.00", "grand_total": "99.00"}

    assert differences(body) == [
        ("discounts.0.amount", "discount_exceeds_amount", "20.01", "20.00"),
        WRONG_MUG_TAX,
        ("totals.items", "total_differs", "31.00", "30.00"),
        ("totals.charges", "total_differs", "4.00", "5.00"),
    ]


def test_beside_an_item_discount_above_its_item_the_tax_of_another_item_is_reported() -> None:
    body = with_wrong_mug_tax(shirt(discounts=[discount("20.01")]))

    assert differences(body) == [("items.0.discounts", "discount_exceeds_amount", "20.01", "20.00"), WRONG_MUG_TAX]


def test_an_order_discount_is_not_split_over_an_item_of_unknown_worth() -> None:
    body = order_body(shirt(discounts=[discount("20.01")]), mug(), discounts=[discount("3.00")])

    assert differences(body) == [("items.0.discounts", "discount_exceeds_amount", "20.01", "20.00")]


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (shirt(discounts=[discount("0.001")]), "items.0.discounts.0.amount"),
        (shirt(charges=[charge("0.001")]), "items.0.charges.0.amount"),
        (line("20.00", 1, tax("1.601"), line_id="shirt"), "items.0.taxes.0.amount"),
    ],
)
def test_beside_an_amount_with_too_many_decimals_the_tax_of_another_item_is_reported(item: Json, field: str) -> None:
    found = differences(with_wrong_mug_tax(item))

    assert [(d[0], d[1]) for d in found] == [(field, "too_many_decimals"), WRONG_MUG_TAX[:2]]


def test_an_unreadable_tender_says_nothing_about_the_tenders_sum() -> None:
    body = order_body(shirt(), tenders=[{"type": "invoice", "amount": "21.601"}])

    assert [d[:2] for d in differences(body)] == [("tenders.0.amount", "too_many_decimals")]


def test_an_eligible_item_that_does_not_exist_leaves_open_what_any_line_is_worth() -> None:
    body = order_body(shirt(), mug(), discounts=[discount("3.00", eligible_lines=["shirt", "mugg"])])

    assert [d[:2] for d in differences(body)] == [("discounts.0.eligible_lines.1", "unknown_line")]


def test_an_unreadable_charge_says_nothing_about_its_discounts_its_taxes_and_the_totals() -> None:
    unreadable = charge("5.001", discounts=[discount("1.00")], taxes=[tax("0.40")])
    body = order_body(shirt(), charges=[unreadable])
    body["totals"] |= {"charges": "99.00", "discounts": "99.00", "taxes": "99.00", "grand_total": "99.00"}

    assert [d[:2] for d in differences(body)] == [("charges.0.amount", "too_many_decimals")]


def test_beside_an_unreadable_charge_without_taxes_the_total_of_charges_is_not_reported() -> None:
    body = order_body(shirt(), charges=[charge("5.001"), charge("3.00", "handling")])
    body["totals"] |= {"charges": "99.00", "grand_total": "99.00"}

    assert [d[:2] for d in differences(body)] == [("charges.0.amount", "too_many_decimals")]


def test_an_unreadable_discount_of_an_item_says_nothing_about_its_other_discounts_and_taxes() -> None:
    body = order_body(shirt(discounts=[discount("20.01"), discount("0.001")]))

    assert [d[:2] for d in differences(body)] == [("items.0.discounts.1.amount", "too_many_decimals")]


def test_an_unreadable_share_is_the_only_difference() -> None:
    shares = [{"line_id": "shirt", "amount": "1.999"}, {"line_id": "mug", "amount": "1.00"}]
    lines = line("20.00", line_id="shirt"), line("10.00", line_id="mug")
    body = order_body(*lines, discounts=[discount("3.00", shares=shares)])

    assert [d[:2] for d in differences(body)] == [("discounts.0.shares.0.amount", "too_many_decimals")]


def test_a_share_of_an_unknown_item_leaves_open_whether_another_is_left_out() -> None:
    shares = [{"line_id": "shirt", "amount": "2.00"}, {"line_id": "cup", "amount": "1.00"}]
    body = order_body(line("20.00", line_id="shirt"), line("10.00", line_id="mug"))
    body |= {"discounts": [discount("3.00", shares=shares)], "totals": body["totals"] | {"discounts": "3.00"}}

    found = [d[:2] for d in differences(body)]

    assert found[0] == ("discounts.0.shares.1.line_id", "unknown_line")
    assert not [field for field, _ in found if field == "discounts.0.shares"]


def test_an_eligible_item_that_does_not_exist_leaves_open_which_items_may_have_a_share() -> None:
    shares = [{"line_id": "mug", "amount": "3.00"}]
    body = order_body(shirt(), mug(), discounts=[discount("3.00", eligible_lines=["mugg"], shares=shares)])

    assert [d[:2] for d in differences(body)] == [("discounts.0.eligible_lines.0", "unknown_line")]


# Consequences of a wrong tax or a wrong share.


def test_totals_that_follow_from_a_wrong_tax_are_not_reported() -> None:
    assert differences(with_wrong_mug_tax(shirt())) == [WRONG_MUG_TAX]


def test_totals_that_are_right_beside_a_wrong_tax_are_not_reported() -> None:
    body = with_wrong_mug_tax(shirt())
    body["totals"] |= {"taxes": "2.40", "grand_total": "32.40"}

    assert differences(body) == [WRONG_MUG_TAX]


def test_totals_that_fit_neither_the_wrong_nor_the_right_tax_are_reported_with_the_right_value() -> None:
    body = with_wrong_mug_tax(shirt())
    body["totals"] |= {"taxes": "2.60", "grand_total": "32.60"}
    body["tenders"][0]["amount"] = "32.60"

    assert differences(body) == [
        WRONG_MUG_TAX,
        ("totals.taxes", "total_differs", "2.60", "2.40"),
        ("totals.grand_total", "total_differs", "32.60", "32.40"),
        ("tenders", "tenders_differ", "32.60", "32.40"),
    ]


SHARES_DIFFER = [
    ("discounts.0.shares.0.amount", "share_differs", "1.50", "2.00"),
    ("discounts.0.shares.1.amount", "share_differs", "1.50", "1.00"),
]


def halved(*items: Json) -> Json:
    """3.00 off a shirt of 20.00 and a mug of 10.00, split in halves instead of by worth."""
    shares = [{"line_id": "shirt", "amount": "1.50"}, {"line_id": "mug", "amount": "1.50"}]
    return order_body(*items, discounts=[discount("3.00", shares=shares)])


def test_taxes_that_follow_from_wrong_shares_are_not_reported() -> None:
    body = halved(line("20.00", 1, tax("1.48"), line_id="shirt"), line("10.00", 1, tax("0.68"), line_id="mug"))

    assert differences(body) == SHARES_DIFFER


def test_taxes_that_are_right_beside_wrong_shares_are_not_reported() -> None:
    body = halved(line("20.00", 1, tax("1.44"), line_id="shirt"), line("10.00", 1, tax("0.72"), line_id="mug"))

    assert differences(body) == SHARES_DIFFER


def test_taxes_that_fit_neither_the_wrong_nor_the_right_shares_are_reported_with_the_right_value() -> None:
    body = halved(line("20.00", 1, tax("1.60"), line_id="shirt"), line("10.00", 1, tax("0.72"), line_id="mug"))

    assert differences(body) == [*SHARES_DIFFER, ("items.0.taxes.0.amount", "tax_differs", "1.60", "1.44")]


def test_a_tax_within_the_tolerance_of_the_one_that_follows_from_wrong_shares_is_not_reported() -> None:
    taxes = tax("1.49"), tax("0.69")
    body = halved(line("20.00", 1, taxes[0], line_id="shirt"), line("10.00", 1, taxes[1], line_id="mug"))

    assert differences(body, tolerance=1) == SHARES_DIFFER


def test_a_share_sent_twice_is_reported_and_its_first_amount_is_proven() -> None:
    shares = [
        {"line_id": key, "amount": amount} for key, amount in [("shirt", "1.99"), ("mug", "1.00"), ("mug", "9.00")]
    ]
    body = order_body(
        line(line_id="shirt", unit_price="20.00"), line(line_id="mug"), discounts=[discount("3.00", shares=shares)]
    )

    assert [(d[0], d[1], d[3]) for d in differences(body)] == [
        ("discounts.0.shares.2.line_id", "repeated_line", None),
        ("discounts.0.shares.0.amount", "share_differs", "2.00"),
    ]


# Several mistakes at once.

CHANGEABLE = {
    "items.0.taxes.0.amount": ("items", 0, "taxes", 0),
    "items.1.taxes.0.amount": ("items", 1, "taxes", 0),
    "charges.0.taxes.0.amount": ("charges", 0, "taxes", 0),
    "discounts.0.shares.0.amount": ("discounts", 0, "shares", 0),
    "discounts.0.shares.1.amount": ("discounts", 0, "shares", 1),
    "tenders": ("tenders", 0),
}
RIGHT = order_body(
    line("20.00", 1, tax("1.44"), line_id="shirt"),
    line("10.00", 1, tax("0.72"), line_id="mug"),
    discounts=[discount("3.00", shares=[{"line_id": "shirt", "amount": "2.00"}, {"line_id": "mug", "amount": "1.00"}])],
    charges=[charge("5.00", taxes=[tax("0.40")])],
)
AMOUNTS = st.integers(0, 5_00).map(lambda cents: f"{cents // 100}.{cents % 100:02}")


def part_of(body: Any, path: tuple[str | int, ...]) -> Any:
    return part_of(body[path[0]], path[1:]) if path else body


@given(
    amounts=st.dictionaries(st.sampled_from(sorted(CHANGEABLE)), AMOUNTS, min_size=1),
    totals=st.dictionaries(st.sampled_from(sorted(RIGHT["totals"])), AMOUNTS),
)
def test_the_expected_value_is_always_right(amounts: dict[str, str], totals: dict[str, str]) -> None:
    body = deepcopy(RIGHT)
    for field, amount in amounts.items():
        part_of(body, CHANGEABLE[field])["amount"] = amount
    body["totals"] |= totals

    found = {field: expected for field, _, _, expected in differences(body)}

    right = {field: part_of(RIGHT, path)["amount"] for field, path in CHANGEABLE.items()}
    right |= {f"totals.{name}": amount for name, amount in RIGHT["totals"].items()} | {"discounts.0.shares": "3.00"}
    assert found == {field: right[field] for field in found}
    assert bool(found) is (body != RIGHT)
    assert proven(RIGHT)
