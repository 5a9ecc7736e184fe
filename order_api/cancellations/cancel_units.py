"""A customer or colleague cancels some units of an order: those that are here at once, the others once they are back.

Units at a warehouse are asked back; its answer cancels them or ships them (J5).
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.cancellations.cancel import request_cancel
from order_api.cancellations.models import Cancellation, RecalledUnits, RecallStatus
from order_api.cancellations.plan import Plan
from order_api.cancellations.record_cancellation import carry_out_cancellation, new_cancellation
from order_api.orders import history
from order_api.orders.models import Order
from order_api.orders.units import UnitsOfItems, quantities_of
from order_api.outbox import announce, wake_ups
from order_api.outbox.lanes import FULFILLMENT, MAIL
from order_api.outbox.models import RowKind
from order_api.outbox.subjects import Flow
from order_api.payments.hold import flows_without_payment, needs_declined
from order_api.payments.ledger import rows_of
from order_api.progress.set_status import set_status
from order_api.proof.worth import gross_of
from order_api.reservations.reduce import reduce_reservations
from order_api.words import Category
from order_api.words.events import Event

CANCELED = "canceled"


@dataclass(frozen=True)
class Canceled:
    """What a request to cancel units has done. No `cancellation` means that nothing was left to cancel."""

    plan: Plan
    cancellation: Cancellation | None


def cancel_units_of(session: Session, actor: Actor, order: Order, plan: Plan, reason: str) -> Canceled:
    """One act: all units of the plan under one cancellation. The order is locked and its items are loaded.

    If no unit is left and none has departed, the whole order is undone.
    """
    if not plan.here and not plan.at_warehouse:
        return Canceled(plan, None)
    cancellation = new_cancellation(session, actor.id, order, reason)
    _ask_back(session, order, cancellation, plan.at_warehouse)
    if plan.here:
        cancel_now(session, actor, order, cancellation, plan.here, asked_back=plan.at_warehouse)
    else:
        _record(session, actor, order, Event.ORDER_UNITS_ASKED_BACK, cancellation, {}, [], plan.at_warehouse)
    return Canceled(plan, cancellation)


def cancel_now(
    session: Session,
    actor: Actor,
    order: Order,
    cancellation: Cancellation,
    units: UnitsOfItems,
    *,
    asked_back: UnitsOfItems = (),
) -> None:
    """Cancels units that are here: bill, stock, one entry in the history, one mail. Wakes the flows of their lines.

    If nothing is left of the order, its undo ends all flows and sends the mail.
    """
    waiting = flows_without_payment(order)
    payments = rows_of(session, order.id) if waiting else []
    awaits_card = needs_declined(session, order, payments)
    worth = carry_out_cancellation(session, actor, order, cancellation.id, units)
    quantities = quantities_of(units)
    is_empty = not any(item.open_quantity or item.shipped_quantity for item in order.items)
    woken = reduce_reservations(session, order, quantities, wakes=not is_empty)
    emptied = [item for item in quantities if not item.open_quantity]
    for item in emptied:
        item.unable_to_ship_reason = item.awaits_payment_since = None
        if not item.shipped_quantity:
            set_status(session, order, item, CANCELED, Category.CANCELED, actor)
    # The flows of items begin when the order is frozen.
    may_wait = order.frozen_at is not None and not is_empty
    flows: list[Flow] = [item.id for item in emptied if may_wait and item.id not in woken]
    details = {"amount": -gross_of(worth), "canceled_units": in_words(units)}
    _record(session, actor, order, Event.ORDER_UNITS_CANCELED, cancellation, details, flows, asked_back)
    if awaits_card and not is_empty and not needs_declined(session, order, payments):
        # The task about the declined payment has nothing left to decide.
        wake_ups.wake(session, order.number, Event.PAYMENT_METHOD_REPLACED, waiting)
    if is_empty:
        reason = cancellation.reason or "units_canceled"
        request_cancel(session, actor, order, cancellation.requested_by, reason)
    else:
        _announce(session, order, cancellation, MAIL, RowKind.NOTIFY_CANCELED)


def _ask_back(session: Session, order: Order, cancellation: Cancellation, units: UnitsOfItems) -> None:
    for item, some in units:
        row = RecalledUnits(cancellation_id=cancellation.id, order_id=order.id, item_id=item.id)
        row.first_unit, row.quantity, row.status = some.first, some.count, RecallStatus.ASKED
        session.add(row)
    if units:
        _announce(session, order, cancellation, FULFILLMENT, RowKind.RECALL_UNITS)


def _announce(session: Session, order: Order, cancellation: Cancellation, lane: str, kind: RowKind) -> None:
    about = {"order_id": order.id, "cancellation_id": cancellation.id}
    announce.request_work(session, lane, kind, order.number, **about)


def _record(
    session: Session,
    actor: Actor,
    order: Order,
    event: Event,
    cancellation: Cancellation,
    details: dict[str, object],
    flows: list[Flow],
    asked_back: UnitsOfItems,
) -> None:
    details = {"cancellation_id": cancellation.id, **details}
    if asked_back:
        details["asked_back"] = in_words(asked_back)
    history.record(session, order, event, actor, reason=cancellation.reason, flows=flows, details=details)


def in_words(units: UnitsOfItems) -> str:
    """`2 of line A, 1 of line B`"""
    return ", ".join(f"{count} of line {item.line_id}" for item, count in quantities_of(units).items())
