"""Grants a refund: the bill changes, and the money that was held is now to be paid."""

from decimal import Decimal

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.take import charge_fees, take
from order_api.core import clock, money
from order_api.core.errors import NotYet
from order_api.core.outside import CallStatus
from order_api.orders import history
from order_api.orders.line_units import Units
from order_api.orders.models import Order
from order_api.orders.units import lose_units, waits_for_arrival
from order_api.outbox.subjects import Subject
from order_api.payments.errors import PaymentInProgress
from order_api.payments.ledger import rows_of
from order_api.payments.write_off import reverse_write_offs
from order_api.progress.decided import decision_about
from order_api.progress.wait import end_wait
from order_api.refunds.hold import hold, holds, release
from order_api.refunds.ledgers import Ledgers, read_ledgers
from order_api.refunds.models import GRANTED, Refund, RefundState
from order_api.refunds.parent import wake_parent
from order_api.refunds.plan import RefundPlan, plan_refund
from order_api.refunds.repository import lock_for_task
from order_api.refunds.request import give_back_excess_of_closed
from order_api.refunds.wanted import Goods, Wanted
from order_api.words.events import Event

PAUSE = 30.0
"""Seconds until a grant that waits for a payment is tried again."""


def grant_refund(session: Session, actor: Actor, subject: Subject, lowered_to: object = None) -> bool:
    """Repeating is safe: a refund is granted once. False if it is over meanwhile, or cannot be lowered to this amount.

    `lowered_to` comes from a form. Only a refund that consists of one amount can be lowered. What was held always fits;
    the amounts are reckoned anew, because a capture may have succeeded meanwhile.
    """
    order, refund = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, subject=subject)
    if refund.state in GRANTED:
        return True
    if not refund.is_waiting:
        return False
    wanted = _wanted(refund, order, lowered_to)
    if wanted is None:
        return False
    ledgers = read_ledgers(session, order, own=refund)
    if ledgers.is_capture_under_way:
        raise NotYet("The gateway has not answered a capture yet, on which it depends what is paid back.")
    try:
        plan = plan_refund(ledgers, wanted, refund.destination)
    except PaymentInProgress as error:
        # A parcel that left since bears a part of it.
        raise NotYet(error.detail, PAUSE) from None
    if not holds(session, refund, plan):
        release(session, refund)
        hold(session, order, refund, ledgers, plan)
    _carry_out(session, actor, order, refund, ledgers, plan)
    _record(session, actor, order, refund)
    give_back_excess_of_closed(session, actor, order)
    return True


def _wanted(refund: Refund, order: Order, lowered_to: object) -> Wanted | None:
    """None if the refund cannot be lowered to this amount."""
    wanted = Wanted.from_json(refund.wanted)
    if lowered_to is None:
        return wanted
    try:
        amount = money.to_minor(Decimal(str(lowered_to).strip()), order.currency)
    except (ArithmeticError, ValueError):
        return None
    return wanted.lowered_to(amount) if 0 < amount < refund.amount else None


def _carry_out(
    session: Session, actor: Actor, order: Order, refund: Refund, ledgers: Ledgers, plan: RefundPlan
) -> None:
    for part in plan.parts:
        take(session, order, refund.cause, part.kind, ledgers.goods, part.taken)
    charge_fees(session, order, refund.cause, plan.fees)
    parcels = list(dict.fromkeys(each.of.shipment_id for each in plan.taken))
    reverse_write_offs(session, actor, order, plan.settlement.ends_written_off, parcels, refund.number)
    _lose(session, actor, order, refund, plan)
    for row in rows_of(session, order.id):
        if row.refund_id == refund.id and row.status == CallStatus.HELD:
            row.status, row.requested_at = CallStatus.REQUESTED, clock.now()
    refund.state = RefundState.PAYING


def _lose(session: Session, actor: Actor, order: Order, refund: Refund, plan: RefundPlan) -> None:
    """Wakes the flows that wait for these units to arrive."""
    ranges = {each.item_id: each.ranges for each in plan.wanted.units if each.goods == Goods.LOST}
    lost = {item_id: [Units.counted(*units) for units in own] for item_id, own in ranges.items()}
    for item in lose_units(session, order, refund.cause, lost):
        flows = [item.id] if waits_for_arrival(order, item) else []
        details = {"refund": refund.number}
        history.record(session, order, Event.ITEM_LOST, actor, item_id=item.id, flows=flows, details=details)


def _record(session: Session, actor: Actor, order: Order, refund: Refund) -> None:
    decision = decision_about(session, refund.subject)
    refund.decided_at = clock.now()
    if decision is not None:
        refund.decided_by, refund.decision_reason = decision.actor_id, decision.reason
    details = {"amount": refund.amount, "paid_back": refund.paid_back}
    reason, subject = refund.decision_reason, refund.subject
    history.record(session, order, Event.REFUND_GRANTED, actor, reason=reason, subject=subject, details=details)
    wake_parent(session, refund, Event.REFUND_GRANTED)
