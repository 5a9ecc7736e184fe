"""The parts of the order document that say what the customer owes and what was paid."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from order_api.bill.models import AdjustmentKind
from order_api.core.answers import FieldDoc, Money, words_of
from order_api.orders.fates import CauseKind

Signed = Annotated[str, FieldDoc(example="-19.70")]
"""A decimal string that may be below zero."""


@dataclass
class AdjustedTaxAnswer:
    name: str
    """Name of the tax on receipts."""
    rate: Annotated[str, FieldDoc(example="0.0825")]
    """The rate as a fraction: `"0.0825"` is 8.25 %."""
    amount: Signed
    """The change of this tax, contained in the `amount` of the adjustment."""


@dataclass
class AdjustmentAnswer:
    """One change of what is due."""

    kind: Annotated[str, words_of(AdjustmentKind)]
    """What was taken off the bill."""
    cause_kind: Annotated[str, words_of(CauseKind)]
    """What kind of record made the change."""
    cause_id: UUID
    """Id of the record that made the change. The history names it as well."""
    line_id: str | None
    """The line that it concerns; null for a charge of a ship group or of the order."""
    fee_type: str | None
    """What a fee is for, such as `late` or `restocking`; null for other adjustments."""
    charge_type: str | None
    """Kind of the charge that it concerns; null for units, whose amount contains their part of the line's charges."""
    ship_group: str | None
    """The ship group that the charge belongs to; null for units and for a charge of the order."""
    first_unit: int | None
    """Number of the first unit that it concerns."""
    quantity: int | None
    """How many units it concerns, counted up from the first."""
    amount: Signed
    """The change with taxes; below zero when the customer owes less."""
    taxes: list[AdjustedTaxAnswer]
    """The change of each tax."""
    at: datetime
    """When it was booked."""


@dataclass
class BillAnswer:
    """What the customer owes for the order, what was taken, and the difference. All amounts contain the taxes."""

    placed: Money
    """The grand total of the order as it was placed. It never changes."""
    adjusted: Signed
    """Sum of the adjustments; below zero when the customer owes less than was placed."""
    due: Money
    """What the customer owes for the order: `placed` plus `adjusted`."""
    to_capture: Money
    """The part of `due` that is captured only when the goods leave."""
    captured: Money
    """What was taken from the customer."""
    refunded: Money
    """What was given back."""
    written_off: Money
    """What we gave up claiming, such as a parcel whose capture was declined."""
    outstanding: Signed
    """`due` minus `captured` and `written_off`, plus `refunded`. Zero when an order is closed. What exceeds
    `to_capture` is owed by the customer now; if it is less than `to_capture`, we owe the difference."""
    adjustments: list[AdjustmentAnswer]
    """Every change of what is due, oldest first."""


@dataclass
class LineBillAnswer:
    """The bill of one line: its units and its own charges, with taxes."""

    placed: Money
    """What the line cost when the order was placed."""
    due: Money
    """What the customer owes for the line: `placed` plus its adjustments."""
    remaining: Money
    """What its units are still worth after the adjustments that took from them."""
