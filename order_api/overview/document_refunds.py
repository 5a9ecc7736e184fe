"""What the API answers about refunds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from order_api.bill.models import AdjustmentKind
from order_api.core.answers import FieldDoc, Money, words_of
from order_api.core.outside import CallStatus
from order_api.overview.document_cancellations import UnitsAnswer
from order_api.payments.models import GIVES_BACK
from order_api.refunds.models import Approval, Destination, RefundState
from order_api.refunds.owed import OwedUntil

UNKNOWN = "unknown"


@dataclass
class TaxGivenBackAnswer:
    tax_id: UUID
    """Id of the tax, from the order document."""
    name: str
    """Name of the tax on receipts."""
    rate: Annotated[str, FieldDoc(example="0.0825")]
    """The rate as a fraction: `"0.0825"` is 8.25 %."""
    amount: Money
    """What is given back of it."""


@dataclass
class PartGivenBackAnswer:
    """What is given back of a line with its own charges, or of a charge of a ship group or the order."""

    kind: Annotated[str, words_of(AdjustmentKind)]
    """What the bill will call it."""
    line_id: str | None
    """The channel's name for the line; null for a charge."""
    charge_id: UUID | None
    """Id of the charge; null for a line."""
    charge_type: str | None
    """Kind of the charge; null for a line."""
    units: list[UnitsAnswer]
    """The units that give something back, as ranges; empty for a charge."""
    amount: Money
    """With taxes."""
    net: Annotated[str, FieldDoc(example="18.20")]
    """Without taxes. Amount and taxes are rounded separately, so it may be below zero by a minor unit."""
    taxes: list[TaxGivenBackAnswer]
    """The taxes contained in `amount`."""
    remaining: Money
    """What remains of the line or charge afterwards."""


@dataclass
class PaymentBackAnswer:
    tender_id: UUID
    """The means of payment that gets the money."""
    tender_type: str
    """Its type."""
    capture_id: UUID
    """Id of the capture that is given back, from `payments` of the order."""
    amount: Money
    """What goes back."""
    given_back_before: Money
    """What earlier refunds gave back of this capture, with those that wait."""
    captured: Money
    """The amount of the capture."""


@dataclass
class ApprovalAnswer:
    needed: Annotated[str, words_of((*Approval, UNKNOWN))]
    """What the approval table says today: paid at once, after a supervisor's approval, or refused. `unknown`: the
    workflow engine did not answer; the table is asked when the refund is."""
    words: str | None
    """Why, in the table's words."""


@dataclass
class RefundPreviewAnswer:
    currency: Annotated[str, FieldDoc(example="USD")]
    """Currency of all amounts."""
    parts: list[PartGivenBackAnswer]
    """What is taken off the bill, per line and charge."""
    amount: Money
    """What is taken off the bill in all."""
    ends_unpaid: Money
    """What of it the customer has not paid and no longer owes."""
    ends_written_off: Money
    """What of it was written off, and is no loss any more."""
    paid_back: Money
    """What goes back to the customer."""
    due: Money
    """What the customer owes for the order today."""
    due_after: Money
    """What the order costs afterwards."""
    destination: Annotated[str, words_of(Destination)]
    """Where the money goes."""
    payments: list[PaymentBackAnswer]
    """What goes back on which capture."""
    approval: ApprovalAnswer
    """Whether a supervisor must approve it."""
    customer_reads: str | None
    """The mail that the customer gets once the money has gone; null if none goes back."""
    digest: Annotated[str, FieldDoc(example="b4a1c93e5d0f7782e6a45b0c9d1e2f3a")]
    """Stands for all these amounts. Send it with the refund, and the refund does exactly this or is refused."""


@dataclass
class RefundPaymentAnswer:
    """One request to give captured money back, or a transfer outside."""

    id: UUID
    """Id of the request, which the payment provider gets as its key."""
    tender_id: UUID
    """The means of payment that paid."""
    tender_type: str
    """Its type."""
    capture_id: UUID
    """Id of the capture that is given back."""
    kind: Annotated[str, words_of(GIVES_BACK)]
    """Through the payment provider, or outside."""
    status: Annotated[str, words_of(CallStatus)]
    """`held` until it is granted, `pending` while the provider decides, `done` when the money has gone."""
    amount: Money
    """What it gives back."""
    reference: str | None
    """The provider's id, or that of the transfer outside."""
    decline_code: str | None
    """Why the provider refused it."""
    trace_number: str | None
    """What the customer's bank finds it by."""
    expected_by: date | None
    """The day on which the customer should have the money."""
    settled_at: datetime | None
    """When the provider answered or the transfer was booked."""


@dataclass
class RefundHead:
    number: Annotated[str, FieldDoc(example="2BYK2DH7QM4PXR-F1")]
    """Public number of the refund."""
    order_id: UUID
    """Id of the order."""
    order_number: str
    """Number of the order."""
    collection: str
    """Key of the order collection."""
    state: Annotated[str, words_of(RefundState)]
    """`requested`: the approval table was not asked yet. `needs_approval`: a supervisor decides. `paying`: it is
    granted, and not all money has gone. `paid`, `refused`, `canceled`: it is over."""
    currency: Annotated[str, FieldDoc(example="USD")]
    """Currency of all amounts."""
    amount: Money
    """What it takes off the bill."""
    paid_back: Money
    """What of it goes back to the customer."""
    destination: Annotated[str, words_of(Destination)]
    """Where the money goes."""
    reason: str
    """Code of the reason."""
    requested_by: str
    """Who asked for it."""
    requested_at: datetime
    """When it was asked for."""
    ended_at: datetime | None
    """When it was paid, refused or canceled."""


@dataclass
class RefundDocument(RefundHead):
    reason_words: str
    """The reason in the collection's words."""
    note: str | None
    """For colleagues."""
    ends_unpaid: Money
    """What of `amount` the customer had not paid."""
    ends_written_off: Money
    """What of `amount` was written off."""
    approval: Annotated[str | None, words_of(Approval)]
    """What the approval table answered; null before."""
    approval_words: str | None
    """Why, in the table's words."""
    decided_by: str | None
    """The person who granted, refused or canceled it; null if the table decided alone."""
    decided_at: datetime | None
    """When it was decided."""
    decision_reason: str | None
    """Why, in that person's words."""
    payments: list[RefundPaymentAnswer]
    """Each request to give money back, oldest first."""


@dataclass
class RefundPage:
    refunds: list[RefundHead]
    """The refunds of this page, newest first."""
    next_cursor: str | None
    """Send it as `cursor` to read the next page; null on the last."""


@dataclass
class OwedAnswer:
    """A granted refund of which a part has not been paid."""

    number: Annotated[str, FieldDoc(example="2BYK2DH7QM4PXR-F1")]
    """Public number of the refund."""
    order_id: UUID
    """Id of the order."""
    order_number: str
    """Number of the order."""
    collection: str
    """Key of the order collection."""
    amount: Money
    """What is still to be paid."""
    currency: Annotated[str, FieldDoc(example="USD")]
    """Currency of the amount."""
    since: datetime
    """When the refund was granted."""
    waits_for: Annotated[str, words_of(OwedUntil)]
    """`gateway`: the payment provider has not decided. `booking`: a person pays outside and books it. `decision`: the
    payment provider refused a part, and a person decides what to do."""


@dataclass
class OwedPage:
    owed: list[OwedAnswer]
    """The refunds of this page, oldest first."""
    next_cursor: str | None
    """Send it as `cursor` to read the next page; null on the last."""
