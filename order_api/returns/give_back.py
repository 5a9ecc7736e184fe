"""Asks for the refund of units of a return whose money is due: once, by the one way that money goes back."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.errors import NotYet
from order_api.orders.models import Order
from order_api.payments.errors import PaymentInProgress
from order_api.refunds.errors import RefundWaiting
from order_api.refunds.ledgers import read_ledgers
from order_api.refunds.models import Refund, RefundState
from order_api.refunds.request import begin_refund
from order_api.returns.models import Return, ReturnLine, ReturnUnits
from order_api.returns.policy import FeeAnswer, PolicyAnswer
from order_api.returns.reckon import LineGivingBack, read_return_ledgers, reckon
from order_api.returns.words import RefundWhen, Verdict

PAUSE = 30.0
"""Seconds until money that waits for a payment or for another refund is tried again."""
UNPAID = (RefundState.REFUSED, RefundState.CANCELED)


@dataclass(frozen=True)
class Due:
    """Units of a line of a return for which money goes back now."""

    line: ReturnLine
    units: Sequence[ReturnUnits]

    @property
    def giving_back(self) -> LineGivingBack:
        line = self.line
        return LineGivingBack(
            item_id=line.item_id,
            reason=line.reason,
            ranges=[row.range for row in self.units],
            policy=PolicyAnswer.from_json(line.policy),
            fees=[FeeAnswer.from_json(fee) for fee in line.fees or ()],
        )


def give_back_what_is_due(session: Session, actor: Actor, order: Order, return_: Return) -> Refund | None:
    """Begins one refund; what bears other fees follows once that is granted. None if no money is due, or while a refund
    of the return waits. Repeating is safe: units are paid for once. The order is locked, its items and tenders are
    loaded. Raises NotYet while it depends on another act what is owed."""
    refunds = refunds_of(session, return_)
    due = _with_the_same_fees(list(due_units(return_)))
    if not due or any(refund.is_waiting for refund in refunds):
        return None
    ledgers = read_ledgers(session, order)
    try:
        plan = reckon(read_return_ledgers(session, ledgers, return_, refunds), [each.giving_back for each in due])
    except (PaymentInProgress, RefundWaiting) as error:
        raise NotYet(error.detail, PAUSE) from None
    refund = begin_refund(session, actor, ledgers, plan, reason=due[0].line.reason, parent=return_.subject)
    for each in due:
        for row in each.units:
            row.refund_id = refund.id
    return refund


def refunds_of(session: Session, return_: Return) -> list[Refund]:
    """Those of its units, without refunds that ended unpaid."""
    ids = {row.refund_id for line in return_.lines for row in line.units if row.refund_id is not None}
    own = select(Refund).where(Refund.id.in_(ids), Refund.state.not_in(UNPAID))
    return list(session.scalars(own.order_by(Refund.position))) if ids else []


def due_units(return_: Return) -> Iterator[Due]:
    """A refund that was refused or canceled is asked for again only if a person says so."""
    unsettled = _unsettled_receipts(return_)
    for line in return_.lines:
        unpaid = [row for row in line.units if row.refund_id is None and row.released_at is None]
        units = [row for row in unpaid if line.is_allowed and _is_due(return_, row, unsettled)]
        if units:
            yield Due(line, units)


def is_unpaid(row: ReturnUnits, refunds: Sequence[Refund]) -> bool:
    """Whether the refund of these units has ended without money. `refunds` are those of the return that have not."""
    return row.refund_id is not None and row.released_at is None and row.refund_id not in {each.id for each in refunds}


def _is_due(return_: Return, row: ReturnUnits, unsettled: Collection[UUID | None]) -> bool:
    policy = PolicyAnswer.from_json(row.line.policy)
    if policy.goods_kept or policy.refund_when == RefundWhen.AT_ONCE:
        return True
    if policy.refund_when == RefundWhen.CARRIER_SCAN and return_.scanned_at is not None:
        return True
    if policy.refund_when != RefundWhen.INSPECTED and row.receipt_id is not None:
        return True
    return row.receipt_id is not None and row.receipt_id not in unsettled


def _unsettled_receipts(return_: Return) -> set[UUID | None]:
    """Those of which a unit has no verdict yet, or is not decided about: inspected goods are paid once per receipt."""
    rows = [(line, row) for line in return_.lines for row in line.units]
    return {row.receipt_id for line, row in rows if row.verdict == Verdict.PENDING or line.is_allowed is None}


def _with_the_same_fees(due: Sequence[Due]) -> list[Due]:
    """A fee is reckoned of all that a line of the order gives back in one refund, so units of it that bear other fees
    have a refund of their own."""
    first: dict[UUID, Due] = {}
    for each in due:
        first.setdefault(each.line.item_id, each)
    return [each for each in due if _bears_like(first[each.line.item_id].line, each.line)]


def _bears_like(line: ReturnLine, other: ReturnLine) -> bool:
    return (line.fees, line.reason) == (other.fees, other.reason)
