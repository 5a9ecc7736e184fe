"""The order document, part by part: what the API answers and the console shows. Each part is written once, here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from order_api.core.answers import Cursor, FieldDoc, Money, words_of
from order_api.core.outside import CallStatus
from order_api.integrations.payment import tender_types
from order_api.payments.models import TransactionKind
from order_api.words import Category, Channel, CustomerType, FulfillmentType

LineId = Annotated[str, FieldDoc("The channel's own name of the line.")]


@dataclass
class TaxAnswer:
    name: str
    rate: Annotated[str, FieldDoc(example="0.0825")]
    amount: Money


@dataclass
class DiscountAnswer:
    code: str
    amount: Money
    share_of_order_discount: bool


@dataclass
class ChargeAnswer:
    type: str
    name: str | None
    amount: Money
    amount_after_discounts: Money
    discounts: list[DiscountAnswer]
    taxes: list[TaxAnswer]


@dataclass
class ShipGroupAnswer:
    id: UUID
    key: str
    fulfillment_type: Annotated[str, words_of(FulfillmentType)]
    method: str | None
    store: str | None
    address: dict[str, Any] | None
    charges: list[ChargeAnswer]


@dataclass
class ItemHead:
    """What is true of an item apart from its money."""

    id: UUID
    line_id: LineId
    sku: str
    name: str
    quantity: int
    status: str
    shipped_quantity: int
    delivered_quantity: int
    canceled_quantity: int
    unable_to_ship_reason: str | None


@dataclass
class ItemAnswer(ItemHead):
    """One item on its own."""

    order_id: UUID


@dataclass
class ItemDocument(ItemHead):
    """An item within its order."""

    ship_group_id: UUID
    status_category: Annotated[str, words_of(Category)]
    attributes: dict[str, Any]
    unit_price: Money
    list_price: Money
    line_amount: Money
    amount_after_discounts: Money
    discounts: list[DiscountAnswer]
    taxes: list[TaxAnswer]
    charges: list[ChargeAnswer]


@dataclass
class CustomerAnswer:
    type: Annotated[str, words_of(CustomerType)]
    id: str | None
    name: str | None
    email: str | None
    phone: str | None


@dataclass
class TotalsAnswer:
    items: Money
    discounts: Money
    charges: Money
    taxes: Money
    grand_total: Money


@dataclass
class TenderAnswer:
    """Without the token: it is a means to take money."""

    id: UUID
    type: Annotated[str, words_of(tender_types.known_types())]
    amount: Money
    is_active: Annotated[bool, FieldDoc("False when another means of payment took its place.")]


@dataclass
class PaymentAnswer:
    id: UUID
    tender_id: UUID
    kind: Annotated[str, words_of(TransactionKind)]
    status: Annotated[str, words_of(CallStatus)]
    amount: Money
    shipment_id: UUID | None
    reference: str | None
    decline_code: str | None
    requested_at: datetime
    settled_at: datetime | None


@dataclass
class ReservationAnswer:
    id: UUID
    item_id: UUID
    line_id: LineId
    sku: str
    quantity: int
    status: str


@dataclass
class ShipmentLineAnswer:
    line_id: LineId
    item_id: UUID
    first_unit: int
    quantity: int


@dataclass
class ShipmentHead:
    id: UUID
    carrier: str
    tracking_number: str
    shipped_at: datetime
    delivered_at: datetime | None


@dataclass
class ShipmentAnswer(ShipmentHead):
    """A shipment on its own."""

    order_id: UUID


@dataclass
class ShipmentDocument(ShipmentHead):
    """A shipment within its order."""

    worth: Annotated[str, FieldDoc("What is captured for it.", example="63.59")]
    lines: list[ShipmentLineAnswer]


@dataclass
class ProcessAnswer:
    business_key: Annotated[str, FieldDoc("The number of what the process is about, such as the order's.")]
    process_key: Annotated[str, FieldDoc(example="order-submit")]
    process_instance_id: str | None
    started_at: datetime | None
    overdue_at: Annotated[datetime | None, FieldDoc("Since when a wait of its subject is overdue.")]


@dataclass
class NoteAnswer:
    id: UUID
    text: str
    author: str
    at: datetime


@dataclass
class OrderHead:
    """What a list and the whole order say alike."""

    id: UUID
    number: str
    collection: str
    channel: Annotated[str, words_of(Channel)]
    store: str | None
    external_id: str
    status: str
    currency: str
    placed_at: datetime
    cancel_requested_at: datetime | None
    overdue_at: datetime | None


@dataclass
class OrderSummary(OrderHead):
    """An order in a list."""

    grand_total: Money
    customer_id: str | None
    customer_name: str | None


@dataclass
class OrderPage:
    orders: list[OrderSummary]
    next_cursor: Cursor


@dataclass
class OrderDocument(OrderHead):
    """The whole order."""

    tax_included: bool
    status_category: Annotated[str, words_of(Category)]
    version: int
    updated_at: datetime
    frozen_at: datetime | None
    cancel_requested_by: str | None
    cancel_reason: str | None
    undo_began_at: datetime | None
    undo_reason: str | None
    undo_ended_at: datetime | None
    customer: CustomerAnswer
    billing_address: dict[str, Any] | None
    custom_fields: dict[str, Any]
    ship_groups: list[ShipGroupAnswer]
    items: list[ItemDocument]
    discounts: list[DiscountAnswer]
    charges: list[ChargeAnswer]
    totals: TotalsAnswer
    tenders: list[TenderAnswer]
    payments: list[PaymentAnswer]
    reservations: list[ReservationAnswer]
    shipments: list[ShipmentDocument]
    processes: list[ProcessAnswer]
    notes: list[NoteAnswer]
