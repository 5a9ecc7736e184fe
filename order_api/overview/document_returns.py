"""What the API answers about returns."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from order_api.core.answers import FieldDoc, Money, words_of
from order_api.overview.document_refunds import UNKNOWN, RefundHead, RefundPreviewAnswer
from order_api.returns.words import ComesBy, Decision, RefundWhen, ReturnState, ShippingBack, Verdict


@dataclass
class ReturnHead:
    number: Annotated[str, FieldDoc(example="2BYK2DH7QM4PXR-R1")]
    """Public number of the return."""
    order_id: UUID
    """Id of the order."""
    order_number: str
    """Number of the order."""
    collection: str
    """Key of the order collection."""
    state: Annotated[str, words_of(ReturnState)]
    """`announced`: the tables were not asked yet. `needs_approval`: a person decides. `expected`: goods may come.
    `in_transit`: a carrier has scanned them. `received`: some have come, and not all is settled. `completed`,
    `refused`, `canceled`, `expired`: it is over."""
    comes_by: Annotated[str, words_of(ComesBy)]
    """How the goods come."""
    location: str
    """Where they are expected: `main` or the key of a store."""
    units: int
    """How many units were announced or came besides."""
    announced_by: str
    """Who announced it."""
    announced_at: datetime
    """When it was announced."""
    last_day: date | None
    """The last day on which the goods may arrive, by the shop's calendar; null until the tables have answered."""
    refund_due_by: datetime | None
    """When the money of what has come must have gone back; null while none is owed."""
    ended_at: datetime | None
    """When it was completed, refused or canceled, or expired."""


@dataclass
class PolicyAnswered:
    """What the table `return-policy` said about a line; the return is carried out by it."""

    decision: Annotated[str, words_of(Decision)]
    """Whether the line may come back, or a person decides."""
    words: str | None
    """Why, in the table's words."""
    days_to_arrive: int | None
    """Days after the announcement in which the goods may arrive; null for the collection's own limit."""
    goods_kept: bool
    """Whether the customer keeps the goods and gets the money all the same."""
    shipping_back: Annotated[str, words_of(ShippingBack)]
    """How much of the outbound shipping goes back once a whole ship group has come back."""
    refund_when: Annotated[str, words_of(RefundWhen)]
    """At which step the money goes back."""
    refund_days: int | None
    """Days from then in which it must have gone."""
    inspect: bool
    """Whether a person inspects the goods; otherwise they go into stock as they come."""
    version: int | None
    """Version of the table; null in a preview."""


@dataclass
class ReturnUnitsAnswer:
    first_unit: int
    """Number of the first unit of the range; the units of a line are numbered from 1."""
    quantity: int
    """How many units."""
    receipt_id: UUID | None
    """The receipt with which they arrived; null while they have not."""
    verdict: Annotated[str | None, words_of(Verdict)]
    """What a person said about them; null while they have not arrived."""
    verdict_by: str | None
    """Who said so."""
    refund: str | None
    """Number of the refund that pays for them; null while none does."""
    released_at: datetime | None
    """When they left the return, because they did not come or went back to the customer."""
    given_up_at: datetime | None
    """When they were written off, because they did not come although their money has gone back."""


@dataclass
class ReturnLineAnswer:
    line_id: str
    """The channel's name for the line."""
    sku: str
    """The article."""
    name: str
    """Its name."""
    reason: str
    """Code of the reason."""
    reason_words: str
    """The reason in the collection's words."""
    is_announced: bool
    """Whether it was announced; else it joined the return when it arrived."""
    is_allowed: bool | None
    """Whether it may come back and is paid for; null until that is decided."""
    override: str | None
    """What a person decided otherwise than the tables, in words."""
    policy: PolicyAnswered | None
    """The stored answer of the table; null until it was asked."""
    fees: list[str]
    """What is kept of the money, in words for the customer."""
    units: list[ReturnUnitsAnswer]
    """Its units, as ranges."""


@dataclass
class ReturnReceiptAnswer:
    """Goods that arrived together."""

    id: UUID
    """Id of the receipt."""
    reference: str
    """The sender's own id."""
    location: str
    """Where the goods are."""
    received_by: str
    """Who reported it."""
    received_at: datetime
    """When it was reported."""
    unknown: str | None
    """Goods that no unit of the order accounts for, in words."""
    looked_at: datetime | None
    """When a person had dealt with these."""


@dataclass
class ReturnDocument(ReturnHead):
    comment: str | None
    """The customer's own words."""
    scanned_at: datetime | None
    """When a carrier's first scan was reported."""
    decided_by: str | None
    """The person who allowed or refused it; null if the tables decided alone."""
    decided_at: datetime | None
    """When that was decided."""
    decision_reason: str | None
    """Why, in that person's words."""
    lines: list[ReturnLineAnswer]
    """What comes back."""
    receipts: list[ReturnReceiptAnswer]
    """What has arrived, oldest first."""
    refunds: list[RefundHead]
    """The refunds that pay for it, oldest first."""


@dataclass
class UnknownGoodsAnswer:
    line_id: str
    """The line that was named."""
    quantity: int
    """How many units no unit of the order accounts for."""


@dataclass
class OtherReceiptAnswer:
    number: str
    """Another return of the order that expected goods of this parcel."""
    receipt_id: UUID
    """Their receipt."""


@dataclass
class ReceivedAnswer:
    receipt_id: UUID
    """Id of the receipt, for verdicts."""
    others: list[OtherReceiptAnswer]
    """Goods of the parcel that belong to other returns of the order."""
    unknown: list[UnknownGoodsAnswer]
    """Goods that no unit of the order accounts for."""
    document: ReturnDocument
    """The return afterwards."""


@dataclass
class FeePreviewAnswer:
    type: str
    """Kind of the fee, such as `late`."""
    amount: Money
    """What it keeps."""


@dataclass
class ReturnLinePreviewAnswer:
    line_id: str
    """The channel's name for the line."""
    quantity: int
    """How many units."""
    reason: str
    """Code of the reason."""
    amount: Money
    """What the units have left."""
    policy: PolicyAnswered | None
    """What the table says today; null if the workflow engine did not answer."""
    fees: list[str]
    """What is kept of the money, in words for the customer."""


@dataclass
class ReturnPreviewAnswer:
    currency: Annotated[str, FieldDoc(example="USD")]
    """Currency of all amounts."""
    decision: Annotated[str, words_of((*Decision, UNKNOWN))]
    """What the tables say about the return: that of its lines that is hardest, unless some are refused and others not.
    `unknown`: the workflow engine did not answer; the tables are asked when the return is announced."""
    lines: list[ReturnLinePreviewAnswer]
    """What would come back."""
    fees: list[FeePreviewAnswer]
    """What is kept of the money."""
    paid_back: Money
    """What goes back to the customer if all of it arrives and is accepted."""
    refund: RefundPreviewAnswer | None
    """The refund of all that may come back; null if nothing may, or if the tables were not asked."""


@dataclass
class ReturnPage:
    returns: list[ReturnHead]
    """The returns of this page."""
    next_cursor: str | None
    """Send it as `cursor` to read the next page; null on the last."""
