from typing import Any

import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import UUID, Integer, List, Nested, String

from order_api.core.fields import (
    CURRENCY,
    Amount,
    DecimalForm,
    ExactDecimal,
    Key,
    Lines,
    Reference,
    StrictSchema,
    Text,
    Time,
    TrueOrFalse,
    strict_integer,
)
from order_api.refunds.models import Destination, RefundState
from order_api.refunds.wanted import Goods

MAX_NAMED_UNITS = 100
"""Of a line; each is a row under the order's lock."""
MAX_PARTS = 500


class UnitsToRefundBody(StrictSchema):
    """Units of which nothing comes back. They give back all that remains of them. Send `quantity` or `units`."""

    line_id = Reference(maximum=50, required=True)
    """The channel's name for the line."""
    quantity = strict_integer(1, 100_000)
    """How many units, the lowest free numbers first. Repeating it refunds more, so it needs an `Idempotency-Key`."""
    units = List(strict_integer(1, 100_000), validate=validate.Length(min=1, max=MAX_NAMED_UNITS))
    """The numbers of the units. The units of a line are numbered from 1."""
    goods = String(required=True, validate=validate.OneOf((Goods.LOST, Goods.BROKEN)))
    """`lost`: they did not arrive. `broken`: they arrived broken and need not come back."""

    @ma.validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if ("quantity" in data) == ("units" in data):
            raise ma.ValidationError("Send either `quantity` or `units`.", "quantity")
        if len(set(data.get("units", ()))) < len(data.get("units", ())):
            raise ma.ValidationError("Name each unit once.", "units")


class PriceReductionBody(StrictSchema):
    """Lowers the price of a line or of the whole order after the sale. Send `amount` or `percent`."""

    line_id = Reference(maximum=50)
    """The line; without it, the amount is split over all lines and charges that have shipped."""
    amount = Amount(example="5.00")
    """With taxes."""
    percent = ExactDecimal(DecimalForm(whole=3, decimals=4, example="10"), "10")
    """Of what remains of the line; of the order: of what was paid and not given back. Rounded half up once."""

    @ma.validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if ("amount" in data) == ("percent" in data):
            raise ma.ValidationError("Send either `amount` or `percent`.", "amount")


class ChargeToRefundBody(StrictSchema):
    charge_id = UUID(required=True)
    """Id of a charge of a ship group or of the order, from the order document."""
    amount = Amount(example="2.50")
    """With taxes; without it, all that remains."""


class TaxToRefundBody(StrictSchema):
    tax_id = UUID(required=True)
    """Id of a tax of a line or charge, from the order document. All that remains of it is given back."""


class RefundPreviewBody(StrictSchema):
    """Name a line or charge once. A reduction of the whole order stands alone."""

    items = List(Nested(UnitsToRefundBody), validate=validate.Length(min=1, max=MAX_PARTS))
    """Units that were lost or arrived broken."""
    price_reductions = List(Nested(PriceReductionBody), validate=validate.Length(min=1, max=MAX_PARTS))
    """Price reductions after the sale."""
    charges = List(Nested(ChargeToRefundBody), validate=validate.Length(min=1, max=MAX_PARTS))
    """Charges such as shipping."""
    taxes = List(Nested(TaxToRefundBody), validate=validate.Length(min=1, max=MAX_PARTS))
    """Taxes alone, for example for an exemption that was shown later. The net price stays."""
    excess = TrueOrFalse(validate=validate.Equal(True, error="Send true or leave it out."))
    """Gives back what was captured beyond what is owed."""
    destination = String(validate=validate.OneOf(tuple(Destination)), load_default=Destination.ORIGINAL)
    """`original`: to the means of payment that paid. `outside`: by bank transfer or in cash, which a person books."""
    reason = Key(maximum=40)
    """Code of the collection's list of reasons."""

    @ma.validates_schema
    def _something(self, data: dict[str, Any], **_: object) -> None:
        if not {"items", "price_reductions", "charges", "taxes", "excess"} & data.keys():
            raise ma.ValidationError("Name what is given back.", "items")


class RefundBody(RefundPreviewBody):
    reason = Key(maximum=40, required=True)
    """Code of the collection's list of reasons."""
    note = Lines(maximum=500)
    """For colleagues; customers do not see it."""
    digest = Text(maximum=64)
    """The preview's `digest`: the refund does exactly what it showed or is refused. People must send it."""


class RefundCancelBody(StrictSchema):
    reason = Text(required=True)
    """Why it is canceled. Stored in the history."""


class RefundBookingBody(StrictSchema):
    reference = Text(maximum=100, required=True)
    """What the transfer is found by, such as the bank's reference or the receipt's number. No account numbers."""


class OwedQuery(StrictSchema):
    collection = Text()
    """Key of the order collection."""
    currency = String(validate=CURRENCY)
    """Only refunds in this currency."""
    limit = Integer(load_default=50, validate=validate.Range(min=1, max=200))
    """Refunds per page, oldest first."""
    cursor = Text(maximum=500)
    """The `next_cursor` of the page before."""


class RefundQuery(StrictSchema):
    state = String(validate=validate.OneOf(tuple(RefundState)))
    """Only refunds in this state."""
    collection = Text()
    """Key of the order collection."""
    order_number = Text()
    """Number of the order, in full."""
    requested_from = Time()
    """Only refunds asked for at this time or later. With time zone; a plus sign is `%2B`."""
    requested_before = Time()
    """Only refunds asked for before this time. With time zone; a plus sign is `%2B`."""
    older_than_days = Integer(validate=validate.Range(min=0, max=10_000))
    """Only refunds asked for at least this many days ago."""
    currency = String(validate=CURRENCY)
    """Currency of the refund. Required with `amount_from`."""
    amount_from = Amount(example="100.00")
    """Only refunds that pay back this amount or more."""
    limit = Integer(load_default=50, validate=validate.Range(min=1, max=200))
    """Refunds per page, newest first."""
    cursor = Text(maximum=500)
    """The `next_cursor` of the page before."""

    @ma.validates_schema
    def _amounts_are_of_one_currency(self, data: dict[str, Any], **_: object) -> None:
        if "amount_from" in data and "currency" not in data:
            raise ma.ValidationError("Name the currency of the amount, for example USD.", "currency")
