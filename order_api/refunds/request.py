"""A colleague or channel asks for a refund. It holds what it would take; its process decides whether it is granted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor, ActorKind
from order_api.core import money
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.payments.balance import balance
from order_api.payments.ledger import rows_of
from order_api.payments.write_off import reverse_needless_write_offs
from order_api.proof.bill import Balance
from order_api.refunds.approval import approval_question, lock_sums
from order_api.refunds.errors import MoreThanRemains, PreviewOutdated, RefundInvalid
from order_api.refunds.hold import hold
from order_api.refunds.ledgers import Ledgers, read_ledgers
from order_api.refunds.models import Destination, Refund, RefundState
from order_api.refunds.plan import RefundPlan, plan_new_refund
from order_api.refunds.process import start_process
from order_api.refunds.read_request import read_wanted
from order_api.refunds.repository import new_refund
from order_api.refunds.terms import refuse_what_adapters_refuse
from order_api.refunds.wanted import Wanted
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import Act, refuse_unoffered_reason

CAPTURED_BEYOND_BILL = "captured_beyond_bill"
"""The reason of refunds that the service itself asks for."""


def planned(session: Session, order: Order, body: dict[str, Any]) -> tuple[Ledgers, RefundPlan]:
    """What the refund would do. The order's items and tenders are loaded; to act on it, lock the order before."""
    ledgers = read_ledgers(session, order)
    plan = plan_new_refund(ledgers, read_wanted(ledgers, body), Destination(body["destination"]))
    refuse_what_adapters_refuse(ledgers, plan)
    return ledgers, plan


def why_not_refund(order: Order) -> MoreThanRemains | None:
    """The reason why the order has nothing to give back; None if it may have. The order's items are loaded."""
    if order.has_shipped:
        return None
    detail = "Nothing has shipped, so there is nothing to give back."
    return MoreThanRemains(detail, remaining=money.to_text(0, order.currency))


def request_refund(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Refund:
    """Does exactly what the preview with this digest showed. Raises PreviewOutdated and what the preview raises."""
    order = repository.get_for_update(session, actor, order_id, Order.items, Order.tenders)
    reasons = session.get_one(OrderCollection, order.collection_id).properties.reasons
    refuse_unoffered_reason(reasons, Act.REFUND, body["reason"])
    ledgers, plan = planned(session, order, body)
    _compare(actor, plan, body.get("digest"))
    return begin_refund(session, actor, ledgers, plan, reason=body["reason"], note=body.get("note"))


def give_back_excess(session: Session, actor: Actor, order: Order) -> Refund | None:
    """Asks for a refund of all that was captured beyond what is owed; None if nothing was, or if that is not certain
    while another refund waits or a capture is under way. Repeating is safe: what a
    refund holds is beyond it no more. The order is locked, its items and tenders are loaded."""
    ledgers = read_ledgers(session, order)
    if not ledgers.excess or ledgers.waiting or ledgers.is_capture_under_way:
        return None
    plan = plan_new_refund(ledgers, Wanted(excess=ledgers.excess), Destination.ORIGINAL)
    return begin_refund(session, actor, ledgers, plan, reason=CAPTURED_BEYOND_BILL)


def give_back_excess_of_closed(session: Session, actor: Actor, order: Order) -> None:
    """The same once an order is closed; the flow of an open one sees to it. Also for what could not be reckoned while a
    refund waited that has just been decided. The order is locked."""
    if order.closed_at is not None:
        session.flush()
        parts = (Order.items, Order.tenders)
        give_back_excess(session, actor, repository.get_for_update(session, actor, order.id, *parts))


def follow_late_money(session: Session, actor: Actor, order: Order, parcels: Sequence[UUID], about: str) -> Balance:
    """Call it when money came or came back outside of the order's flow. What was written off of it is reversed, these
    parcels first; what a closed order then owes goes back by a refund. Returns the sums before that. The order is
    locked, its tenders are loaded."""
    session.flush()
    sums = balance(session, order, rows_of(session, order.id))
    reverse_needless_write_offs(session, actor, order, sums, parcels, about)
    give_back_excess_of_closed(session, actor, order)
    return sums


def begin_refund(
    session: Session,
    actor: Actor,
    ledgers: Ledgers,
    plan: RefundPlan,
    *,
    reason: str,
    note: str | None = None,
    parent: Subject | None = None,
) -> Refund:
    """Stores the refund, which holds what the plan takes, and starts its process. The plan was reckoned under the
    order's lock. The process of `parent` is woken when the refund is decided."""
    order, amount = ledgers.order, max(plan.amount, plan.settlement.paid_back)
    lock_sums(session, actor, order)
    question = approval_question(session, actor, order, amount, reason)
    refund = new_refund(session, actor, order, RefundState.REQUESTED, plan.destination, reason)
    refund.note = note
    if parent is not None:
        refund.parent_kind, refund.parent_number = parent.kind, parent.number
    hold(session, order, refund, ledgers, plan)
    start_process(session, actor, order, refund, question)
    return refund


def _compare(actor: Actor, plan: RefundPlan, digest: str | None) -> None:
    if digest is None and actor.kind == ActorKind.STAFF:
        message = "People confirm what a preview has shown: send its digest."
        raise RefundInvalid(message, errors=[{"field": "digest", "code": "invalid", "message": message}])
    if digest is not None and digest != plan.digest:
        raise PreviewOutdated("The refund would not do any more what the preview showed. Look at a new preview.")
