"""The order document: what the API answers and the console shows. `document_parts` has its goods and payments."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from order_api.core.answers import FieldDoc, Money, words_of
from order_api.overview.document_bill import BillAnswer
from order_api.overview.document_cancellations import RecallDocument
from order_api.overview.document_parts import (
    ChargeAnswer,
    DiscountAnswer,
    ItemDocument,
    PaymentAnswer,
    ReservationAnswer,
    ShipGroupAnswer,
    ShipmentDocument,
    TenderAnswer,
)
from order_api.overview.document_refunds import RefundHead
from order_api.overview.document_returns import ReturnHead
from order_api.words import Category, Channel, CustomerType


@dataclass
class CustomerAnswer:
    type: Annotated[str, words_of(CustomerType)]
    """Whether the customer has an account in the shop."""
    id: str | None
    """The customer's id in the shop."""
    name: str | None
    """The customer's name."""
    email: str | None
    """Where mails about the order go."""
    phone: str | None
    """The customer's phone number."""
    groups: list[str]
    """The groups that the shop counted the customer among when the order was placed."""


@dataclass
class TotalsAnswer:
    items: Money
    """Sum of quantity times unit price, before discounts."""
    discounts: Money
    """Sum of all discounts, including those of charges."""
    charges: Money
    """Sum of all charges, before discounts."""
    taxes: Money
    """Sum of all taxes."""
    grand_total: Money
    """What the customer pays."""


@dataclass
class ProcessAnswer:
    business_key: str
    """The number of the order or other subject that the process is about."""
    process_key: Annotated[str, FieldDoc(example="order-submit")]
    """Key of the BPMN process."""
    process_instance_id: str | None
    """The engine's id of the running process; null until it has started."""
    started_at: datetime | None
    """When it was started."""
    overdue_at: datetime | None
    """When the process exceeded the time limit of a wait; null if no wait is overdue."""


@dataclass
class NoteAnswer:
    id: UUID
    """Id of the note."""
    text: str
    """What was written."""
    author: str
    """Who wrote it."""
    at: datetime
    """When it was written."""


@dataclass
class OrderHead:
    """The fields that lists and the whole order share."""

    id: UUID
    """Id of the order in this service."""
    number: str
    """Number of the order, for people."""
    collection: str
    """Key of the collection that the order belongs to."""
    channel: Annotated[str, words_of(Channel)]
    """The sales channel through which the order came in."""
    store: str | None
    """Key of the store in which the order was placed."""
    external_id: str
    """The channel's own number for the order."""
    status: str
    """Status of the order. Designers may add statuses, so a program should read the order by its id and use its
    `status_category`. Lists do not contain `status_category`."""
    currency: str
    """Currency of all amounts, ISO 4217."""
    placed_at: datetime
    """When the order was stored."""
    cancel_requested_at: datetime | None
    """When a cancellation was requested."""
    overdue_at: datetime | None
    """When the order's process exceeded the time limit of a wait; null if no wait is overdue."""


@dataclass
class OrderSummary(OrderHead):
    """An order in a list."""

    grand_total: Money
    """What the customer pays."""
    customer_id: str | None
    """The customer's id in the shop."""
    customer_name: str | None
    """The customer's name."""


@dataclass
class OrderPage:
    orders: list[OrderSummary]
    """The orders of this page."""
    next_cursor: str | None
    """Send it as `cursor` to read the next page; null on the last."""


@dataclass
class OrderDocument(OrderHead):
    """The whole order."""

    tax_included: bool
    """Whether prices and charges include the taxes."""
    status_category: Annotated[str, words_of(Category)]
    """What the status means for programs."""
    version: int
    """Counts the changes of the order. It is the `ETag` for `If-Match`."""
    updated_at: datetime
    """When the order was last changed."""
    frozen_at: datetime | None
    """When the edit window closed; null while the order can still be edited."""
    cancel_requested_by: str | None
    """Who requested the cancellation."""
    cancel_reason: str | None
    """The reason given with the request."""
    undo_began_at: datetime | None
    """When the flow began to undo the order."""
    undo_reason: str | None
    """Why the order is undone: a request, a rejection or an abandoned payment."""
    undo_ended_at: datetime | None
    """When everything was undone."""
    customer: CustomerAnswer
    """The customer who placed the order."""
    billing_address: dict[str, Any] | None
    """Address of the payer, as the channel sent it."""
    custom_fields: dict[str, Any]
    """What the channel keeps with the order, as sent."""
    ship_groups: list[ShipGroupAnswer]
    """The destinations."""
    items: list[ItemDocument]
    """The lines of the order."""
    discounts: list[DiscountAnswer]
    """Discounts of the whole order."""
    charges: list[ChargeAnswer]
    """Charges of the whole order."""
    totals: TotalsAnswer
    """The sums of the order as it was placed."""
    bill: BillAnswer
    """What the customer owes now and what was paid."""
    tenders: list[TenderAnswer]
    """How the customer pays."""
    payments: list[PaymentAnswer]
    """Every request to a gateway: authorizations, captures, voids and refunds, and what only we book."""
    refunds: list[RefundHead]
    """Every refund of the order, oldest first; read one with its number for its payments."""
    returns: list[ReturnHead]
    """Every return of the order, oldest first; read one with its number for its goods."""
    recalls: list[RecallDocument]
    """Units that a warehouse was asked to give back, because they were to be canceled."""
    reservations: list[ReservationAnswer]
    """What is reserved in stock or waits for stock."""
    shipments: list[ShipmentDocument]
    """What has left."""
    processes: list[ProcessAnswer]
    """The processes that carry out the order."""
    notes: list[NoteAnswer]
    """Notes of customer service."""
