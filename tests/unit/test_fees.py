"""What the worked cases and the random acts leave out: a fee that is a service with a tax of its own."""

from decimal import Decimal
from uuid import uuid4

from order_api.proof.fees import Fee, FeeTax, Fixed, LineBack, Per, take_fees
from order_api.proof.remaining import Parts


def test_a_service_with_a_tax_of_its_own_includes_it_and_leaves_the_tax_of_the_line() -> None:
    line, tax = uuid4(), uuid4()
    back = LineBack(line, 1, Parts(106_00, {tax: 6_00}))

    [taken] = take_fees([back], [Fee("label", Fixed(5_00, Per.RETURN), {line}, FeeTax.RATE, Decimal("0.08"))])

    [kept] = taken.of_lines
    assert (taken.amount, kept.own_tax, kept.parts) == (5_00, 37, Parts(5_00, {tax: 0}))
