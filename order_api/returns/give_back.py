"""Asks for the refund of units of a return whose money is due: once, by the one way that money goes back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.errors import NotYet
from order_api.orders.models import Order
from order_api.payments.errors import PaymentInProgress
from order_api.refunds.errors import RefundWaiting
from order_api.refunds.ledgers import Ledgers, read_ledgers
from order_api.refunds.models import Refund
from order_api.refunds.request import begin_refund
from order_api.returns.models import Return, ReturnLine, ReturnUnits
from order_api.returns.policy import FeeAnswer, PolicyAnswer
from order_api.returns.reckon import LineGivingBack, read_return_ledgers, reckon
from order_api.returns.words import RefundWhen, ReturnState, Verdict

PAUSE = 30.0
"""Seconds until money that waits for a payment or for another refund is tried again."""
SCANNED = (ReturnState.IN_TRANSIT, ReturnState.RECEIVED)


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
            policy=PolicyAnswer.from_json(line.policy or {}),
            fees=[FeeAnswer.from_json(fee) for fee in line.fees or ()],
        )


def give_back_what_is_due(session: Session, actor: Actor, order: Order, return_: Return) -> Refund | None:
    """None if no money is due. Repeating is safe: units are paid for once; call it until it returns None. The order is
    locked, its items and tenders are loaded. Raises NotYet while it depends on another act what is owed."""
    due = _with_the_same_fees(list(due_units(return_)))
    if not due:
        return None
    ledgers = read_ledgers(session, order)
    earlier = list({row.refund_id for line in return_.lines for row in line.units if row.refund_id is not None})
    _wait_for(earlier, ledgers)
    try:
        plan = reckon(read_return_ledgers(session, ledgers, earlier), [each.giving_back for each in due])
    except (PaymentInProgress, RefundWaiting) as error:
        raise NotYet(error.detail, PAUSE) from None
    refund = begin_refund(session, actor, ledgers, plan, reason=due[0].line.reason)
    for each in due:
        for row in each.units:
            row.refund_id = refund.id
    return refund


def due_units(return_: Return) -> Iterator[Due]:
    for line in return_.lines:
        units = [row for row in line.units if _is_due(return_, line, row)]
        if units:
            yield Due(line, units)


def _is_due(return_: Return, line: ReturnLine, row: ReturnUnits) -> bool:
    if line.policy is None or row.refund_id is not None or row.released_at is not None:
        return False
    policy = PolicyAnswer.from_json(line.policy)
    if policy.goods_kept or policy.refund_when == RefundWhen.AT_ONCE:
        return True
    if policy.refund_when == RefundWhen.CARRIER_SCAN and return_.state in SCANNED:
        return True
    if policy.refund_when == RefundWhen.RECEIVED and row.receipt_id is not None:
        return True
    return row.verdict not in (None, Verdict.PENDING)


def _with_the_same_fees(due: Sequence[Due]) -> list[Due]:
    """A fee is reckoned of all that a line of the order gives back in one refund, so units of it that bear other fees
    have a refund of their own."""
    first: dict[UUID, Due] = {}
    for each in due:
        first.setdefault(each.line.item_id, each)
    return [each for each in due if _bears_like(first[each.line.item_id].line, each.line)]


def _bears_like(line: ReturnLine, other: ReturnLine) -> bool:
    return (line.fees, line.reason) == (other.fees, other.reason)


def _wait_for(earlier: Sequence[UUID], ledgers: Ledgers) -> None:
    """What an earlier refund bears of a fee per return is known once it is granted."""
    for refund in ledgers.waiting:
        if refund.id in earlier:
            raise NotYet(f"{refund.number} waits for its approval.", PAUSE)
