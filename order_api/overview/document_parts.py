"""The parts of the order document that describe goods and payments. Each part is defined only here."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from order_api.core.answers import FieldDoc, Money, words_of
from order_api.core.outside import CallStatus
from order_api.integrations.payment import tender_types
from order_api.overview.document_bill import LineBillAnswer
from order_api.payments.models import TransactionKind
from order_api.words import Category, FulfillmentType


@dataclass
class TaxAnswer:
    id: UUID
    """Id of the tax in this service."""
    name: str
    """Name of the tax on receipts."""
    rate: Annotated[str, FieldDoc(example="0.0825")]
    """The rate as a fraction: `"0.0825"` is 8.25 %."""
    amount: Money
    """The tax due."""


@dataclass
class DiscountAnswer:
    code: str
    """Code of the promotion."""
    amount: Money
    """How much it takes off."""
    share_of_order_discount: bool
    """True for a line's share of a discount of the order."""


@dataclass
class ChargeAnswer:
    id: UUID
    """Id of the charge in this service."""
    type: str
    """Kind of charge, such as `shipping`."""
    name: str | None
    """Name of the charge on receipts."""
    amount: Money
    """The charge before discounts."""
    amount_after_discounts: Money
    """The charge after its discounts."""
    discounts: list[DiscountAnswer]
    """Discounts of this charge."""
    taxes: list[TaxAnswer]
    """Taxes of this charge."""


@dataclass
class ShipGroupAnswer:
    id: UUID
    """Id of the group in this service."""
    key: str
    """The `id` that the channel gave the group."""
    fulfillment_type: Annotated[str, words_of(FulfillmentType)]
    """How the goods get to the customer."""
    method: str | None
    """The shipping method that the customer chose."""
    store: str | None
    """The store that the goods go to."""
    address: dict[str, Any] | None
    """Where the goods go, as the channel sent it."""
    charges: list[ChargeAnswer]
    """Charges of this group."""


@dataclass
class ItemHead:
    """The fields of an item apart from its amounts."""

    id: UUID
    """Id of the item in this service."""
    line_id: str
    """The channel's name for the line."""
    sku: str
    """Stock keeping unit."""
    name: str
    """Name of the product."""
    quantity: int
    """Number of units ordered."""
    status: str
    """Status of the item, as the flow last set it. Designers may add statuses."""
    shipped_quantity: int
    """Number of units that have left."""
    delivered_quantity: int
    """Number of units that have arrived."""
    canceled_quantity: int
    """Number of units that were canceled."""
    unable_to_ship_reason: str | None
    """Why the warehouse could not ship the item: `damaged`, `lost`, `not_found` or `other`."""
    awaits_payment_since: datetime | None
    """Since when the item is not released, because its authorization expired and a new one was declined."""


@dataclass
class ItemAnswer(ItemHead):
    """One item on its own."""

    order_id: UUID
    """Id of the order."""


@dataclass
class ItemDocument(ItemHead):
    """An item within its order."""

    ship_group_id: UUID
    """Id of the ship group that the item belongs to."""
    status_category: Annotated[str, words_of(Category)]
    """What the status means for programs."""
    attributes: dict[str, Any]
    """What the channel keeps with the line, as sent."""
    unit_price: Money
    """Price of one unit before discounts."""
    list_price: Money
    """Price of one unit before any reduction, for display only."""
    line_amount: Money
    """Quantity times unit price, rounded once."""
    amount_after_discounts: Money
    """The line amount after its own discounts and its shares of the order's."""
    discounts: list[DiscountAnswer]
    """Discounts of the line and its shares of the order's."""
    taxes: list[TaxAnswer]
    """Taxes of the line."""
    charges: list[ChargeAnswer]
    """Charges of the line."""
    bill: LineBillAnswer
    """What the customer owes for the line."""


@dataclass
class TenderAnswer:
    """Omits the token, because the token can be used to take money."""

    id: UUID
    """Id of the tender."""
    type: Annotated[str, words_of(tender_types.known_types())]
    """Means of payment."""
    amount: Money
    """How much this tender pays. Of a replaced one, how much it captured."""
    placed_with: Money
    """How much it was to pay when it was placed, whether or not another has replaced it."""
    is_active: bool
    """False when another means of payment has replaced it."""


@dataclass
class PaymentAnswer:
    id: UUID
    """Id of the request, which the gateway got as its idempotency key."""
    tender_id: UUID
    """The tender that pays."""
    kind: Annotated[str, words_of(TransactionKind)]
    """What the gateway was asked to do."""
    status: Annotated[str, words_of(CallStatus)]
    """`requested` until the gateway answers, `pending` while it decides; `lost` when it never received the request.
    `held` until a refund is granted, `withdrawn` if it is not."""
    amount: Money
    """How much the gateway was asked to hold, take, release or give back."""
    parent_id: UUID | None
    """The authorization of a capture or void, the capture of a refund, or the write-off of its reversal."""
    refund: str | None
    """Number of the refund that a row belongs to."""
    shipment_id: UUID | None
    """The shipment that a capture pays for."""
    reference: str | None
    """The gateway's own id for the request."""
    decline_code: str | None
    """The gateway's reason for declining."""
    trace_number: str | None
    """What the customer's bank finds a refund by."""
    expected_by: date | None
    """The day on which the customer should have a refund."""
    requested_at: datetime
    """When the request was written down, before the call."""
    settled_at: datetime | None
    """When the gateway's answer was written down."""


@dataclass
class ReservationAnswer:
    id: UUID
    """Id of the reservation."""
    item_id: UUID
    """The item that it is for."""
    line_id: str
    """The channel's name for the line."""
    sku: str
    """What is reserved."""
    quantity: int
    """How many units."""
    status: str
    """`reserved`, `backordered` (waits for stock), `refused`, `released` or `taken` (left the shelf)."""


@dataclass
class ShipmentLineAnswer:
    line_id: str
    """The channel's name for the line."""
    item_id: UUID
    """The item that the units belong to."""
    first_unit: int
    """Number of the first unit in the shipment. The units of a line are numbered from 1."""
    quantity: int
    """How many units, counted up from the first."""


@dataclass
class ShipmentHead:
    id: UUID
    """Id of the shipment."""
    carrier: str
    """Who carries it."""
    tracking_number: str
    """The carrier's number for the parcel."""
    shipped_at: datetime
    """When it left."""
    delivered_at: datetime | None
    """When it arrived; null until then."""


@dataclass
class ShipmentAnswer(ShipmentHead):
    """A shipment on its own."""

    order_id: UUID
    """Id of the order."""


@dataclass
class ShipmentDocument(ShipmentHead):
    """A shipment within its order."""

    worth: Annotated[str, FieldDoc(example="63.59")]
    """What is captured for the shipment: its goods, their taxes, and charges due with it."""
    lines: list[ShipmentLineAnswer]
    """What is in the parcel."""
