"""A card number in a text of a person is refused, however it is grouped."""

import marshmallow as ma
import pytest

from order_api.core.card_numbers import holds_card_number
from order_api.core.fields import Lines

VISA = "4111111111111111"


@pytest.mark.parametrize(
    "text",
    [
        VISA,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111 1111\n1111  1111",
        "Pay with 4111 1111 1111 1111 12/26, please.",
        "378282246310005",
        "30569309025904",
        "4222222222222",
        "6304000000000000018",
        "12 4111 1111 1111 1111",
    ],
)
def test_a_card_number_is_found(text: str) -> None:
    assert holds_card_number(text)
    with pytest.raises(ma.ValidationError) as refused:
        Lines().deserialize(text)
    assert refused.value.messages == ["This looks like a card number. Leave it out."]


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",
        "411111111111",
        "41111111111111111111111",
        "Call +1 555 0199 before 12:30.",
        "Order W-2024-11-30, 2 of 3 boxes",
        "a4111111111111111",
        "٤١١١١١١١١١١١١١١١",
        "",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert not holds_card_number(text)
