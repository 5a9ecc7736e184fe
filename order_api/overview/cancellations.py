"""Writes cancellations for callers: what one would do, what one has done, what the warehouse was asked to give back."""

from sqlalchemy.orm import Session

from order_api.bill.cancel_worth import worth_to_cancel
from order_api.bill.read import bill_of
from order_api.cancellations.cancel_units import Canceled
from order_api.cancellations.models import Cancellation, RecalledUnits
from order_api.cancellations.plan import Plan
from order_api.cancellations.recalls import asked_back, cancelable_units, units_of
from order_api.core import money
from order_api.orders.line_units import count_of
from order_api.orders.models import Order, OrderCharge, OrderItem, ShipGroup
from order_api.orders.unit_ledger import ledger_of
from order_api.orders.units import UnitsOfItems
from order_api.overview.document_cancellations import (
    CANCEL_REQUESTED,
    CANCELED,
    NOTHING_LEFT,
    RECALL_ASKED,
    CancellationAnswer,
    LineToCancelAnswer,
    PreviewAnswer,
    RecallDocument,
    RemovedChargeAnswer,
    UnitsAnswer,
)
from order_api.proof.worth import Worth, gross_of


def preview_of(session: Session, order: Order, plan: Plan) -> PreviewAnswer:
    """What the plan would do to the order, whose items are loaded. Writes nothing."""
    units = [*plan.here, *plan.at_warehouse]
    worth = worth_to_cancel(session, order, units)
    due = bill_of(session, order).due
    count = count_of(some for _, some in units)
    return PreviewAnswer(
        canceled=units_in_answer(plan.here),
        asked_back=units_in_answer(plan.at_warehouse),
        cancels_order=not order.has_shipped and count == sum(item.open_quantity for item in order.items),
        bill_changes_by=money.to_text(-gross_of(worth), order.currency),
        due=money.to_text(due, order.currency),
        due_after=money.to_text(due - gross_of(worth), order.currency),
        charges_removed=[_removed(session, order, part) for part in worth if part.charge_id and part.tax_id is None],
        lines=lines_to_cancel(session, order),
    )


def _removed(session: Session, order: Order, part: Worth) -> RemovedChargeAnswer:
    charge = session.get_one(OrderCharge, part.charge_id)
    group = session.get(ShipGroup, charge.ship_group_id) if charge.ship_group_id else None
    return RemovedChargeAnswer(charge.type, group.key if group else None, money.to_text(part.amount, order.currency))


def lines_to_cancel(session: Session, order: Order) -> list[LineToCancelAnswer]:
    """Every line: how many of its units can be canceled, and why not."""
    asked, ledger = asked_back(session, [item.id for item in order.items]), ledger_of(session, order.items)
    return [_line(item, count_of(cancelable_units(ledger.lines[item.id], asked[item.id]))) for item in order.items]


def _line(item: OrderItem, cancelable: int) -> LineToCancelAnswer:
    """Open units that cannot be canceled were asked back."""
    asked = item.open_quantity - cancelable
    return LineToCancelAnswer(item.line_id, cancelable, asked, None if cancelable else _why_not(item, asked))


def _why_not(item: OrderItem, asked: int) -> str:
    if asked:
        return "The warehouse has been asked to give back every unit that has not shipped."
    return "Every unit has shipped or was canceled." if item.shipped_quantity else "Every unit was canceled."


def answer_to_units(order: Order, canceled: Canceled, reason: str) -> CancellationAnswer:
    """What a request to cancel units has done."""
    plan, cancellation = canceled.plan, canceled.cancellation
    status = CANCELED if not plan.at_warehouse else RECALL_ASKED
    if order.cancel_requested_at is not None:
        status = CANCEL_REQUESTED
    return CancellationAnswer(
        order_id=order.id,
        cancellation_id=cancellation.id if cancellation else None,
        cancel_requested_at=order.cancel_requested_at,
        reason=reason,
        status=status if cancellation else NOTHING_LEFT,
        canceled=units_in_answer(plan.here),
        asked_back=units_in_answer(plan.at_warehouse),
    )


def answer_to_order(order: Order) -> CancellationAnswer:
    """That the cancellation of the whole order was requested."""
    since, reason = order.cancel_requested_at, order.cancel_reason or ""
    return CancellationAnswer(order.id, None, since, reason, CANCEL_REQUESTED, canceled=[], asked_back=[])


def units_in_answer(units: UnitsOfItems) -> list[UnitsAnswer]:
    return [UnitsAnswer(item.line_id, some.first, some.count) for item, some in units]


def recall_document(row: RecalledUnits, cancellation: Cancellation, line_id: str) -> RecallDocument:
    units, asked_at = units_of(row), cancellation.requested_at
    return RecallDocument(
        cancellation.id, line_id, units.first, units.count, row.status, asked_at, row.settled_at, row.canceled_by_id
    )
