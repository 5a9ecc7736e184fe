"""Asks for the refund of units of a return whose money is due: once, by the one way that money goes back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.models import Adjustment
from order_api.core.errors import NotYet
from order_api.orders.fates import CauseKind
from order_api.orders.models import Order
from order_api.payments.errors import PaymentInProgress
from order_api.proof.fees import Fee, Fixed, Per
from order_api.proof.remaining import Range
from order_api.refunds.errors import RefundWaiting
from order_api.refunds.ledgers import Ledgers, read_ledgers
from order_api.refunds.models import Destination, Refund
from order_api.refunds.plan import RefundPlan, plan_new_refund
from order_api.refunds.request import begin_refund
from order_api.refunds.wanted import Goods, Wanted, WantedUnits
from order_api.returns.models import Return, ReturnLine, ReturnUnits
from order_api.returns.outbound_shipping import shipping_to_give_back
from order_api.returns.policy import FeeAnswer, PolicyAnswer
from order_api.returns.words import RefundWhen, ReturnState, Verdict
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import Fault, fault_of_reason

PAUSE = 30.0
"""Seconds until money that waits for a payment or for another refund is tried again."""
SCANNED = (ReturnState.IN_TRANSIT, ReturnState.RECEIVED)


@dataclass(frozen=True)
class Due:
    """Units of a line of a return for which money goes back now."""

    line: ReturnLine
    units: Sequence[ReturnUnits]

    @property
    def ranges(self) -> list[Range]:
        return [row.range for row in self.units]


def give_back_what_is_due(session: Session, actor: Actor, order: Order, return_: Return) -> Refund | None:
    """None if no money is due. Repeating is safe: units are paid for once; call it until it returns None. The order is
    locked, its items and tenders are loaded. Raises NotYet while it depends on another act what is owed."""
    due = _with_the_same_fees(list(due_units(return_)))
    if not due:
        return None
    ledgers = read_ledgers(session, order)
    _wait_for_earlier_refunds(return_, ledgers)
    try:
        plan = plan_of(session, ledgers, return_, due)
    except (PaymentInProgress, RefundWaiting) as error:
        raise NotYet(error.detail, PAUSE) from None
    refund = begin_refund(session, actor, ledgers, plan, reason=due[0].line.reason)
    for each in due:
        for row in each.units:
            row.refund_id = refund.id
    return refund


def _with_the_same_fees(due: Sequence[Due]) -> list[Due]:
    """A fee is reckoned of all that a line of the order gives back in one refund, so units of it that bear other fees
    have a refund of their own."""
    first: dict[UUID, Due] = {}
    for each in due:
        first.setdefault(each.line.item_id, each)
    return [
        each
        for each in due
        if (each.line.fees, each.line.reason)
        == (first[each.line.item_id].line.fees, first[each.line.item_id].line.reason)
    ]


def _wait_for_earlier_refunds(return_: Return, ledgers: Ledgers) -> None:
    """What an earlier refund bears of a fee per return is known once it is granted."""
    own = {row.refund_id for line in return_.lines for row in line.units}
    for refund in ledgers.waiting:
        if refund.id in own:
            raise NotYet(f"{refund.number} waits for its approval.", PAUSE)


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


def plan_of(session: Session, ledgers: Ledgers, return_: Return, due: Sequence[Due]) -> RefundPlan:
    """One function for the preview and for what is carried out (A11)."""
    units: dict[UUID, list[Range]] = {}
    for each in due:
        units.setdefault(each.line.item_id, []).extend(each.ranges)
    shipping = {PolicyAnswer.from_json(each.line.policy or {}).shipping_back: None for each in due}
    wanted = Wanted(
        units=tuple(WantedUnits(id_, tuple(sorted(ranges)), Goods.RETURNED) for id_, ranges in units.items()),
        charges=tuple(shipping_to_give_back(session, ledgers, units, list(shipping))),
        fees=tuple(_fees(session, ledgers.order, return_, due)),
    )
    return plan_new_refund(ledgers, wanted, Destination.ORIGINAL)


def _fees(session: Session, order: Order, return_: Return, due: Sequence[Due]) -> Iterator[Fee]:
    """At the seller's fault none is taken (A6). Of a fee per return, what earlier receipts have borne is done with."""
    reasons = session.get_one(OrderCollection, order.collection_id).properties.reasons
    lines_of: dict[FeeAnswer, list[UUID]] = {}
    for each in due:
        if fault_of_reason(reasons, each.line.reason) != Fault.SELLER:
            for stored in each.line.fees or ():
                lines_of.setdefault(FeeAnswer.from_json(stored), []).append(each.line.item_id)
    borne = _borne(session, return_)
    for answer, item_ids in lines_of.items():
        fee = answer.of_lines(list(dict.fromkeys(item_ids)), order.currency)
        if isinstance(fee.size, Fixed) and fee.size.per == Per.RETURN:
            fee = replace(fee, size=replace(fee.size, amount=max(0, fee.size.amount - borne.get(fee.type, 0))))
        yield fee


def _borne(session: Session, return_: Return) -> Mapping[str, int]:
    """By type, what earlier refunds of the return have kept."""
    refunds = {row.refund_id for line in return_.lines for row in line.units if row.refund_id is not None}
    if not refunds:
        return {}
    kept = select(Adjustment.fee_type, func.sum(Adjustment.amount)).where(
        Adjustment.cause_kind == CauseKind.REFUND, Adjustment.cause_id.in_(refunds)
    )
    kept = kept.where(Adjustment.fee_type.is_not(None), Adjustment.tax_id.is_(None))
    return {str(fee_type): int(amount) for fee_type, amount in session.execute(kept.group_by(Adjustment.fee_type))}
