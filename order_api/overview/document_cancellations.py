"""What the API answers about cancellations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from order_api.cancellations.models import RecallStatus
from order_api.core.answers import Money, words_of
from order_api.overview.document_bill import Signed

CANCEL_REQUESTED, CANCELED, RECALL_ASKED, NOTHING_LEFT = "cancel_requested", "canceled", "recall_asked", "nothing_left"


@dataclass
class UnitsAnswer:
    line_id: str
    """The channel's name for the line."""
    first_unit: int
    """Number of the first unit."""
    quantity: int
    """How many units, counted up from the first."""


@dataclass
class CancellationAnswer:
    order_id: UUID
    """Id of the order."""
    cancellation_id: UUID | None
    """Id of this request, which the bill and the history name; null if the whole order is canceled. Units that are
    asked back are canceled by a record of their own: see `recalls` in the order."""
    cancel_requested_at: datetime | None
    """When the cancellation of the whole order was first requested; null if it was not."""
    reason: str
    """The reason given; for the whole order, that of the first request."""
    status: Annotated[str, words_of((CANCEL_REQUESTED, CANCELED, RECALL_ASKED, NOTHING_LEFT))]
    """`cancel_requested`: the flow now undoes the whole order. `canceled`: the units are canceled. `recall_asked`: the
    units of `asked_back` are canceled once the warehouse gives them back. `nothing_left`: no unit could be canceled
    any more."""
    canceled: list[UnitsAnswer]
    """Units that are canceled now."""
    asked_back: list[UnitsAnswer]
    """Units that the warehouse was asked to give back."""


@dataclass
class LineToCancelAnswer:
    line_id: str
    """The channel's name for the line."""
    cancelable: int
    """How many of its units can still be canceled."""
    asked_back: int
    """How many of its units the warehouse has been asked to give back."""
    why_not: str | None
    """Why no unit of it can be canceled; null if one can."""


@dataclass
class RemovedChargeAnswer:
    charge_type: str
    """Kind of the charge."""
    ship_group: str | None
    """The ship group that it belongs to; null for a charge of the order."""
    amount: Money
    """What the customer no longer owes, with taxes."""


@dataclass
class PreviewAnswer:
    canceled: list[UnitsAnswer]
    """Units that would be canceled at once."""
    asked_back: list[UnitsAnswer]
    """Units that the warehouse would be asked to give back."""
    cancels_order: bool
    """Whether nothing would be left, so that the whole order would be undone."""
    bill_changes_by: Signed
    """What canceling all of these units takes off the bill, with taxes and charges."""
    due: Money
    """What the customer owes for the order today."""
    due_after: Money
    """What the customer would owe for the order."""
    charges_removed: list[RemovedChargeAnswer]
    """The charges that go with the last unit of their ship group or of the order."""
    lines: list[LineToCancelAnswer]
    """Every line of the order: what can be canceled, and why not."""


@dataclass
class RecallDocument:
    """Units that a warehouse was asked to give back."""

    cancellation_id: UUID
    """Id of the cancellation that asked."""
    line_id: str
    """The channel's name for the line."""
    first_unit: int
    """Number of the first unit."""
    quantity: int
    """How many units, counted up from the first."""
    status: Annotated[str, words_of(RecallStatus)]
    """`asked` until the warehouse answers, then `canceled`; `too_late` if some of the units had left."""
    asked_at: datetime
    """When the warehouse was asked."""
    settled_at: datetime | None
    """When it answered."""
    canceled_by: UUID | None
    """Id of the record that canceled what came back, which the bill and the history name. Null if nothing came back, or
    if the whole order was undone meanwhile."""
