"""Each refusal of the proof tells the channel the right value in a sentence."""

from typing import Any

import pytest

from order_api.proof.priced_order import Difference
from order_api.proof.prove import differences
from order_api.proof.split import split
from tests.factories.orders import Json, charge, discount, line, order_body, tax
from tests.factories.priced import priced

TOTALS = {"items": "20.00", "discounts": "0", "charges": "0", "taxes": "0", "grand_total": "20.00"}


def two_mugs(**offer: Any) -> Json:
    return order_body(line(line_id="1"), line(line_id="2"), discounts=[discount("4.00", **offer)])


def share(line_id: str, amount: str) -> Json:
    return {"line_id": line_id, "amount": amount}


REFUSALS = [
    (
        order_body(charges=[charge("1.00"), charge("2.00")]),
        Difference("charges.1.type", "duplicate_charge_type", "One charge per type and place.", "shipping"),
    ),
    (
        order_body(line(discounts=[discount("10.01")]), totals=TOTALS),
        Difference(
            "items.0.discounts",
            "discount_exceeds_amount",
            "The discounts must not exceed the amount.",
            "10.01",
            "10.00",
        ),
    ),
    (
        order_body(discounts=[discount("10.01")], totals=TOTALS),
        Difference(
            "discounts.0.amount",
            "discount_exceeds_amount",
            "An order discount must not exceed what remains of its lines.",
            "10.01",
            "10.00",
        ),
    ),
    (
        two_mugs(shares=[share("1", "2.00"), share("2", "1.99")]),
        Difference(
            "discounts.0.shares",
            "shares_do_not_add_up",
            "The shares do not add up to the discount.",
            "3.99",
            "4.00",
        ),
    ),
    (
        two_mugs(eligible_lines=["1"], shares=[share("1", "3.00"), share("2", "1.00")]),
        Difference(
            "discounts.0.shares.1.line_id",
            "line_not_eligible",
            "A share must go to one of the discount's eligible_lines.",
            "2",
        ),
    ),
    (
        two_mugs(shares=[share("1", "1.00"), share("2", "3.00")]),
        Difference(
            "discounts.0.shares.0.amount",
            "share_differs",
            "Shares are split by largest remainder, weighted by the lines after item discounts.",
            "1.00",
            "2.00",
        ),
    ),
    (
        two_mugs(shares=[share("1", "2.00"), share("1", "2.00")]),
        Difference("discounts.0.shares.1.line_id", "repeated_line", "One share per line.", "1"),
    ),
    (
        order_body(line("10.00", 1, tax("0.80"), discounts=[discount("1.00")])),
        Difference("items.0.taxes.0.amount", "tax_differs", "Rate 0.08 gives another tax on 9.00.", "0.80", "0.72"),
    ),
    (
        order_body(line("20.00"), totals=TOTALS | {"items": "19.00"}),
        Difference("totals.items", "total_differs", "It must be the sum of the order's parts.", "19.00", "20.00"),
    ),
    (
        order_body(line("20.00"), tenders=[{"type": "invoice", "amount": "19.00"}]),
        Difference("tenders", "tenders_differ", "The tenders together must pay the grand total.", "19.00", "20.00"),
    ),
]


@pytest.mark.parametrize(("body", "refusal"), REFUSALS, ids=[refusal.code for _, refusal in REFUSALS])
def test_a_refusal_says_in_a_sentence_what_would_be_right(body: Json, refusal: Difference) -> None:
    order = priced(body)

    assert refusal in differences(order, split(order))


def test_a_share_that_is_left_out_is_named_by_its_line() -> None:
    thirds = [line("10.00", line_id=str(position)) for position in range(3)]
    offer = discount("0.06", shares=[share("0", "0.03"), share("1", "0.03")])
    order = priced(order_body(*thirds, discounts=[offer]))

    message = "The share of items.2 is missing."
    assert differences(order, split(order, tolerance=1)) == [
        Difference("discounts.0.shares", "share_differs", message, "0.00", "0.02")
    ]
