"""The body that places an order: the whole, fully priced order in one call."""

import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import Dict, Email, List, Nested, String

from order_api.core.fields import Amount, Key, Lines, Pattern, Rate, StrictSchema, Text, TrueOrFalse, strict_integer
from order_api.integrations.payment import tender_types
from order_api.words import Channel, CustomerType, FulfillmentType

MAX_LINES = 500


class AddressBody(StrictSchema):
    name = Text()
    company = Text()
    line1 = Text(required=True)
    line2 = Text()
    city = Text(required=True)
    region = Text()
    postal_code = Text(maximum=20)
    country = String(required=True, validate=Pattern(r"^[A-Z]{2}$", error="Two capital letters, ISO 3166."))
    phone = Text(maximum=40)


class CustomerBody(StrictSchema):
    """A registered customer has an `id`; a guest needs none of e-mail, name, phone."""

    type = String(required=True, validate=validate.OneOf(list(CustomerType)))
    id = Key(metadata={"description": "The customer's id in the shop; required when registered."})
    name = Text()
    email = Email(
        validate=[
            validate.Length(max=254),
            # A mail program would decode `=?…?=` and send the mail to a different address.
            Pattern(
                r"^((?!=\?)[\x00-!#-\x7f])*$",
                error="Only ASCII, and neither quotes nor `=?`; write such a domain as punycode (xn--…).",
            ),
        ]
    )
    phone = Text(maximum=40)

    @ma.validates_schema
    def _registered_has_id(self, data: dict[str, str], **_: object) -> None:
        if data["type"] == CustomerType.REGISTERED and "id" not in data:
            raise ma.ValidationError("A registered customer needs an id.", "id")


class TaxBody(StrictSchema):
    name = Text(required=True, metadata={"example": "CA state"})
    rate = Rate(required=True)
    amount = Amount(required=True, example="1.65")


class DiscountBody(StrictSchema):
    code = Text(required=True, metadata={"example": "SUMMER10"})
    amount = Amount(required=True, example="2.00")


class ChargeBody(StrictSchema):
    type = String(required=True, validate=Pattern(r"^[a-z][a-z0-9_]{0,39}$"), metadata={"example": "shipping"})
    name = Text()
    amount = Amount(required=True, example="5.99")
    discounts = List(Nested(DiscountBody), load_default=list, validate=validate.Length(max=20))
    taxes = List(Nested(TaxBody), required=True, validate=validate.Length(max=10))


class ShareBody(StrictSchema):
    line_id = Key(required=True, metadata={"description": "Of one of the `items`."})
    amount = Amount(required=True)


class OrderDiscountBody(DiscountBody):
    """Split over `eligible_lines` (default all). `shares` that are sent are proven and stored; otherwise we split."""

    eligible_lines = List(Key(), validate=validate.Length(min=1, max=MAX_LINES))
    shares = List(Nested(ShareBody), validate=validate.Length(min=1, max=MAX_LINES))


class ShipGroupBody(StrictSchema):
    id = Key(maximum=50, required=True)
    fulfillment_type = String(required=True, validate=validate.OneOf(list(FulfillmentType)))
    method = Text(metadata={"example": "standard"})
    address = Nested(AddressBody)
    store = Key()
    charges = List(Nested(ChargeBody), load_default=list, validate=validate.Length(max=20))


class ItemBody(StrictSchema):
    line_id = Key(maximum=50, required=True, metadata={"description": "The channel's own name of the line."})
    ship_group = Key(maximum=50, required=True)
    sku = Key(maximum=100, required=True)
    name = Text(maximum=300, required=True)
    quantity = strict_integer(1, 100_000, required=True)
    unit_price = Amount(required=True, metadata={"description": "Before discounts; may have more decimals."})
    list_price = Amount()
    discounts = List(Nested(DiscountBody), load_default=list, validate=validate.Length(max=20))
    taxes = List(
        Nested(TaxBody),
        required=True,
        validate=validate.Length(max=10),
        metadata={"description": "`[]` means none is due. Each amount is proven by rate × base."},
    )
    charges = List(Nested(ChargeBody), load_default=list, validate=validate.Length(max=20))
    attributes = Dict(keys=Text(maximum=100), load_default=dict)


class TenderBody(StrictSchema):
    type = String(required=True, validate=validate.OneOf(tender_types.known_types()))
    token = Text(metadata={"description": "The gateway's token of a card; never a card number."})
    amount = Amount(required=True)

    @ma.validates_schema
    def _has_token(self, data: dict[str, str], **_: object) -> None:
        if data["type"] in tender_types.token_types() and "token" not in data:
            raise ma.ValidationError(f"A {data['type'].replace('_', ' ')} needs the gateway's token.", "token")


class TotalsBody(StrictSchema):
    """`items` before discounts, `discounts` of all kinds. Tax-exclusive: items − discounts + charges + taxes =
    grand_total."""

    items = Amount(required=True)
    discounts = Amount(required=True)
    charges = Amount(required=True)
    taxes = Amount(required=True)
    grand_total = Amount(required=True)


class PlaceOrderBody(StrictSchema):
    collection = Key(required=True, metadata={"example": "default"})
    channel = String(required=True, validate=validate.OneOf(list(Channel)))
    store = Key()
    external_id = Key(maximum=100, required=True, metadata={"description": "The channel's own number; unique there."})
    currency = String(required=True, validate=Pattern(r"^[A-Z]{3}$"), metadata={"example": "USD"})
    tax_included = TrueOrFalse(required=True)
    customer = Nested(CustomerBody, required=True)
    billing_address = Nested(AddressBody)
    ship_groups = List(Nested(ShipGroupBody), required=True, validate=validate.Length(min=1, max=100))
    items = List(Nested(ItemBody), required=True, validate=validate.Length(min=1, max=MAX_LINES))
    discounts = List(Nested(OrderDiscountBody), load_default=list, validate=validate.Length(max=20))
    charges = List(Nested(ChargeBody), load_default=list, validate=validate.Length(max=20))
    tenders = List(Nested(TenderBody), required=True, validate=validate.Length(max=10))
    totals = Nested(TotalsBody, required=True)
    note = Lines(maximum=2000)
    custom_fields = Dict(keys=Text(maximum=100), load_default=dict)
