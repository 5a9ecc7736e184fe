"""Units that were not announced join a return when they arrive."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.bill.departed import departed_goods
from order_api.bill.models import Remedy
from order_api.bill.remedies import take_remedy
from order_api.core import clock
from order_api.orders.fates import CauseKind, Fate
from order_api.orders.line_units import Units, common, count_of, lowest, without
from order_api.orders.models import Order, OrderItem
from order_api.orders.unit_ledger import ledger_of
from order_api.refunds.models import GRANTED, Refund
from order_api.returns.announce import add_line
from order_api.returns.models import Return, ReturnLine, ReturnReceipt
from order_api.returns.words import Verdict

NOT_ANNOUNCED = "not_announced"
"""The reason of such units, unless others of their line are in the return."""


def join(
    session: Session, order: Order, return_: Return, receipt: ReturnReceipt, item: OrderItem, count: int
) -> list[Units]:
    """At most `count` units of the item that left: first those that carry no remedy, then those for which a refund has
    paid already, such as lost ones that turn up. These are judged for the stock alone."""
    session.flush()
    unpaid = _first(_without_remedy(session, order, return_, item), count)
    if unpaid:
        line = _add(return_, receipt, item, unpaid)
        session.flush()
        take_remedy(session, order.id, return_.cause, {item.id: [row.range for row in line.units]})
    paid = _first(_paid_by_hand(session, item), count - count_of(unpaid))
    if paid:
        line = _add(return_, receipt, item, paid)
        line.is_allowed = False
        for row in line.units:
            row.released_at = clock.now()
    return [*unpaid, *paid]


def _add(return_: Return, receipt: ReturnReceipt, item: OrderItem, units: list[Units]) -> ReturnLine:
    reason = next((line.reason for line in return_.lines if line.item_id == item.id), NOT_ANNOUNCED)
    line = add_line(return_, item.id, reason, [(some.first, some.count) for some in units], is_announced=False)
    for row in line.units:
        row.receipt_id, row.verdict = receipt.id, Verdict.PENDING
    return line


def _without_remedy(session: Session, order: Order, return_: Return, item: OrderItem) -> list[Units]:
    """Those that the return had before come first."""
    departed = departed_goods(session, order).line_by_id.get(item.id)
    free = [Units.counted(*units) for units in departed.free] if departed else []
    released = [row for line in return_.lines if line.item_id == item.id for row in line.units if row.released_at]
    # A unit may have been released more than once, so this does not look for what both have in common.
    others = without(free, [Units.counted(*row.range) for row in released])
    return [*without(free, others), *others]


def _paid_by_hand(session: Session, item: OrderItem) -> list[Units]:
    """Those that have not come back before."""
    remedied = refunded_by_hand(session, item.id)
    gone = ledger_of(session, [item]).lines[item.id].with_fate(Fate.SHIPPED, Fate.DELIVERED, Fate.LOST)
    return common(gone, remedied)


def refunded_by_hand(session: Session, item_id: UUID) -> list[Units]:
    """Units for which a granted refund pays that no return has asked for."""
    own = Remedy.item_id == item_id, Remedy.cause_kind == CauseKind.REFUND, Remedy.released_at.is_(None)
    query = select(Remedy).join(Refund, Refund.id == Remedy.cause_id).where(*own, Refund.state.in_(GRANTED))
    return [Units.counted(row.first_unit, row.quantity) for row in session.scalars(query)]


def _first(ranges: list[Units], count: int) -> list[Units]:
    return lowest(ranges, min(count, count_of(ranges)))
