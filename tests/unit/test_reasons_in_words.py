"""A refused field says the true reason."""

import marshmallow as ma
import pytest

from order_api.core.content import InvalidContent, load
from order_api.core.fields import Amount, Rate, StrictSchema, Time
from order_api.integrations.payment.tender_types import supported_types
from order_api.placement.examples import FIRST_ORDER
from order_api.placement.schemas import PlaceOrderBody, TotalsBody
from order_api.stores.properties import FULFILLMENT_TYPES

NO_TIME = "Send a time with its time zone, for example 2026-11-29T08:30:00Z; in a URL, write a plus sign as %2B."


class Priced(StrictSchema):
    amount = Amount()
    rate = Rate()
    at = Time()


@pytest.mark.parametrize(
    ("sent", "code", "message"),
    [
        ({"amount": "-1.00"}, "negative", "Must not be negative."),
        ({"amount": "1.1234567"}, "too_many_decimals", "At most 6 decimals."),
        ({"rate": "0.123456789"}, "too_many_decimals", "At most 8 decimals."),
        ({"amount": "123456789012345"}, "too_large", "At most 14 digits before the point."),
        (
            {"amount": "12,50"},
            "not_a_number",
            "A decimal number such as '19.99', not negative, with at most 6 decimals.",
        ),
        ({"amount": 12.5}, "invalid", 'Send the number as a string: "19.99".'),
        ({"at": "2026-11-29"}, "invalid", NO_TIME),
        ({"at": "2026-11-29T08:30:00"}, "invalid", NO_TIME),
    ],
)
def test_the_reason_is_the_true_one(sent: dict[str, object], code: str, message: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        load(Priced, sent)

    assert refused.value.errors == [{"field": next(iter(sent)), "code": code, "message": message}]


def test_a_field_is_described_by_the_sentence_below_it() -> None:
    described = TotalsBody().fields["grand_total"].metadata["description"]

    assert described.startswith("What the customer pays. A decimal number")
    assert isinstance(TotalsBody().fields["grand_total"], ma.fields.String)


@pytest.mark.parametrize(
    ("field", "types"), [("ship_groups.0.fulfillment_type", FULFILLMENT_TYPES), ("tenders.0.type", supported_types())]
)
def test_an_unknown_word_is_answered_with_the_words_that_are_accepted(field: str, types: tuple[str, ...]) -> None:
    part, _, name = field.split(".")

    with pytest.raises(InvalidContent) as refused:
        load(PlaceOrderBody, {**FIRST_ORDER, part: [{**FIRST_ORDER[part][0], name: "by_pigeon"}]})

    assert refused.value.errors == [
        {"field": field, "code": "invalid", "message": f"Must be one of: {', '.join(types)}."}
    ]
