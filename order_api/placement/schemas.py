"""The body that places an order: the whole, priced order in one call."""

import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import Dict, Email, List, Nested, String

from order_api.core.fields import (
    CURRENCY,
    Amount,
    Key,
    Lines,
    Pattern,
    Rate,
    Reference,
    StrictSchema,
    Text,
    TrueOrFalse,
    one_of,
    strict_integer,
)
from order_api.integrations.payment import tender_types
from order_api.stores.properties import FULFILLMENT_TYPES
from order_api.words import Channel, CustomerType, FulfillmentType

MAX_LINES = 500


class AddressBody(StrictSchema):
    name = Text()
    """The recipient."""
    company = Text()
    """The recipient's company."""
    line1 = Text(required=True)
    """Street and house number."""
    line2 = Text()
    """Apartment, floor, or a hint for the carrier."""
    city = Text(required=True)
    """City or town."""
    region = Text()
    """State, province or county, as the carrier writes it."""
    postal_code = Text(maximum=20)
    """Postal code; not every country has one."""
    country = String(required=True, validate=Pattern(r"^[A-Z]{2}$", "Two capital letters, ISO 3166-1."))
    """Country code."""
    phone = Text(maximum=40)
    """Phone number for the carrier."""


class CustomerBody(StrictSchema):
    """A registered customer needs an `id`; a guest needs neither e-mail address nor name nor phone."""

    type = String(required=True, validate=validate.OneOf(list(CustomerType)))
    """Whether the customer has an account in the shop."""
    id = Key()
    """The customer's id in the shop. Required for a registered customer."""
    name = Text()
    """The name used to address the customer in mails."""
    email = Email(
        validate=[
            validate.Length(max=254),
            # A mail program would decode `=?…?=` and send the mail to a different address.
            Pattern(
                r"^((?!=\?)[\x00-!#-\x7f])*$",
                "Only ASCII, without quotes and `=?`; write other domains as punycode (xn--…).",
            ),
        ]
    )
    """Where mails about the order go. Without it no mail is sent."""
    phone = Text(maximum=40)
    """The customer's phone number, for customer service."""
    groups = List(
        Text(maximum=100), load_default=list, validate=validate.Length(max=20), metadata={"example": ["gold"]}
    )
    """The groups that the shop counts the customer among, by which rules may decide."""

    @ma.validates_schema
    def _registered_has_id(self, data: dict[str, str], **_: object) -> None:
        if data["type"] == CustomerType.REGISTERED and "id" not in data:
            raise ma.ValidationError("A registered customer needs an id.", "id")


class TaxBody(StrictSchema):
    name = Text(required=True, metadata={"example": "CA state"})
    """Name of the tax on receipts."""
    rate = Rate(required=True)
    """The rate as a fraction: `"0.0825"` is 8.25 %."""
    amount = Amount(required=True, example="1.65")
    """The rate times the amount of the line or charge after discounts, rounded half up. With `tax_included`, first
    divide that amount by 1 plus the sum of its tax rates."""


class DiscountBody(StrictSchema):
    code = Text(required=True, metadata={"example": "SUMMER10"})
    """Code of the promotion."""
    amount = Amount(required=True, example="2.00")
    """How much it takes off."""


class ChargeBody(StrictSchema):
    type = String(
        required=True,
        validate=Pattern(r"^[a-z][a-z0-9_]{0,39}$", "A word in lowercase letters, digits and underscores."),
        metadata={"example": "shipping"},
    )
    """Kind of charge: `shipping`, `gift_wrap` or one of your own."""
    name = Text()
    """Name of the charge on receipts."""
    amount = Amount(required=True, example="5.99")
    """The charge before discounts."""
    discounts = List(Nested(DiscountBody), load_default=list, validate=validate.Length(max=20))
    """Discounts of this charge."""
    taxes = List(Nested(TaxBody), required=True, validate=validate.Length(max=10))
    """Taxes of this charge after its discounts. `[]` means that none is due."""


class ShareBody(StrictSchema):
    line_id = Reference(required=True)
    """The `line_id` of one of the `items`."""
    amount = Amount(required=True)
    """The line's share of the discount."""


class OrderDiscountBody(DiscountBody):
    """A discount of the order. The service splits it over the eligible lines, or checks the shares that you send."""

    eligible_lines = List(Reference(), validate=validate.Length(min=1, max=MAX_LINES))
    """The `line_id` of each line that the discount applies to. All lines if left out."""
    shares = List(Nested(ShareBody), validate=validate.Length(min=1, max=MAX_LINES))
    """How you split the discount. If left out, the service splits it in proportion to the lines' amounts."""


class ShipGroupBody(StrictSchema):
    id = Key(maximum=50, required=True)
    """Your name for the group, unique in the order."""
    fulfillment_type = String(
        required=True, validate=validate.OneOf(list(FulfillmentType), error=one_of(FULFILLMENT_TYPES))
    )
    """How the goods get to the customer. Each collection offers some of these types."""
    method = Text(metadata={"example": "standard"})
    """The shipping method that the customer chose."""
    address = Nested(AddressBody)
    """Where the goods go. Required for `ship_to_home`."""
    store = Reference()
    """The store that the goods go to. Required for `ship_to_store` and `store_pickup`."""
    charges = List(Nested(ChargeBody), load_default=list, validate=validate.Length(max=20))
    """Charges of this group, such as shipping."""


class ItemBody(StrictSchema):
    line_id = Key(maximum=50, required=True)
    """Your name for the line, unique in the order."""
    ship_group = Reference(maximum=50, required=True)
    """The `id` of the ship group that the line belongs to."""
    sku = Key(maximum=100, required=True)
    """Stock keeping unit: what is taken from stock."""
    name = Text(maximum=300, required=True)
    """Name of the product in mails and on pages."""
    quantity = strict_integer(1, 100_000, required=True)
    """Number of units."""
    unit_price = Amount(required=True)
    """Price of one unit before discounts. It may have more decimals than the currency."""
    list_price = Amount()
    """Price of one unit before any reduction, for display only."""
    discounts = List(Nested(DiscountBody), load_default=list, validate=validate.Length(max=20))
    """Discounts of this line. Discounts of the whole order belong in the order's `discounts`."""
    taxes = List(Nested(TaxBody), required=True, validate=validate.Length(max=10))
    """Taxes of this line after all discounts. `[]` means that none is due."""
    charges = List(Nested(ChargeBody), load_default=list, validate=validate.Length(max=20))
    """Charges of this line, such as gift wrapping."""
    attributes = Dict(keys=Text(maximum=100), load_default=dict)
    """Anything else that you want to keep with the line. It is stored and returned as sent."""


class TenderBody(StrictSchema):
    type = String(
        required=True, validate=validate.OneOf(tender_types.known_types(), error=one_of(tender_types.supported_types()))
    )
    """Means of payment. Each collection takes some of these types."""
    token = Text()
    """The gateway's token for a card. Never send a card number."""
    amount = Amount(required=True)
    """How much this tender pays. All tenders together pay the grand total."""

    @ma.validates_schema
    def _has_token(self, data: dict[str, str], **_: object) -> None:
        if data["type"] in tender_types.token_types() and "token" not in data:
            raise ma.ValidationError(f"A {data['type'].replace('_', ' ')} needs the gateway's token.", "token")


class TotalsBody(StrictSchema):
    """items − discounts + charges + taxes = grand total. With `tax_included`, the taxes are part of the other sums."""

    items = Amount(required=True)
    """Sum of quantity times unit price, before discounts."""
    discounts = Amount(required=True)
    """Sum of all discounts, including those of charges."""
    charges = Amount(required=True)
    """Sum of all charges, before discounts."""
    taxes = Amount(required=True)
    """Sum of all taxes."""
    grand_total = Amount(required=True)
    """What the customer pays."""


class PlaceOrderBody(StrictSchema):
    collection = Reference(required=True, metadata={"example": "default"})
    """Key of the collection: the part of the company that the order belongs to."""
    channel = String(required=True, validate=validate.OneOf(list(Channel)))
    """The sales channel through which the order came in."""
    store = Reference()
    """Key of the store in which the order was placed."""
    external_id = Key(maximum=100, required=True)
    """Your own number for the order, unique in the channel."""
    currency = String(required=True, validate=CURRENCY, metadata={"example": "USD"})
    """Currency of all amounts."""
    tax_included = TrueOrFalse(required=True)
    """Whether prices and charges include the taxes."""
    customer = Nested(CustomerBody, required=True)
    """The customer who placed the order."""
    billing_address = Nested(AddressBody)
    """Address of the payer. Fraud screening compares it with the destination."""
    ship_groups = List(Nested(ShipGroupBody), required=True, validate=validate.Length(min=1, max=100))
    """The destinations. The lines of a group share a destination and a shipping method."""
    items = List(Nested(ItemBody), required=True, validate=validate.Length(min=1, max=MAX_LINES))
    """The lines of the order."""
    discounts = List(Nested(OrderDiscountBody), load_default=list, validate=validate.Length(max=20))
    """Discounts of the whole order, split over its lines."""
    charges = List(Nested(ChargeBody), load_default=list, validate=validate.Length(max=20))
    """Charges of the whole order."""
    tenders = List(Nested(TenderBody), required=True, validate=validate.Length(max=10))
    """How the customer pays."""
    totals = Nested(TotalsBody, required=True)
    """The sums as you calculated them. The service checks them to the cent."""
    note = Lines(maximum=2000)
    """A note for customer service."""
    custom_fields = Dict(keys=Text(maximum=100), load_default=dict)
    """Anything else that you want to keep with the order. It is stored and returned as sent."""
