"""Units that cancellations asked back from a warehouse."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.cancellations.models import Cancellation, RecalledUnits, RecallStatus
from order_api.core import clock
from order_api.orders.fates import Fate
from order_api.orders.line_units import LineUnits, Units, common, count_of, highest, without
from order_api.orders.models import OrderItem
from order_api.orders.unit_ledger import ledger_of


def asked_back(session: Session, item_ids: Iterable[UUID]) -> Mapping[UUID, list[RecalledUnits]]:
    """By item, what the warehouse has not answered yet."""
    query = select(RecalledUnits).where(RecalledUnits.item_id.in_(item_ids), RecalledUnits.status == RecallStatus.ASKED)
    rows: dict[UUID, list[RecalledUnits]] = defaultdict(list)
    for row in session.scalars(query.order_by(RecalledUnits.id)):
        rows[row.item_id].append(row)
    return rows


def units_of(row: RecalledUnits) -> Units:
    return Units.counted(row.first_unit, row.quantity)


def cancelable_units(line: LineUnits, asked: Sequence[RecalledUnits]) -> list[Units]:
    """The open units but for as many as were asked back: those numbers, or others where they have left meanwhile."""
    open_ = line.with_fate(None)
    others = without(open_, [units_of(row) for row in asked])
    spare = count_of(open_) - sum(row.quantity for row in asked)
    return highest(others, max(0, min(spare, count_of(others))))


def recalls_of(session: Session, order_id: UUID) -> list[tuple[RecalledUnits, Cancellation]]:
    """Every recall of the order with the cancellation that asked for it, oldest first."""
    query = select(RecalledUnits, Cancellation).join(Cancellation, Cancellation.id == RecalledUnits.cancellation_id)
    rows = session.execute(query.where(RecalledUnits.order_id == order_id).order_by(RecalledUnits.id))
    return [(row, cancellation) for row, cancellation in rows]


def recalls_of_cancellation(session: Session, cancellation_id: UUID) -> list[RecalledUnits]:
    query = select(RecalledUnits).where(RecalledUnits.cancellation_id == cancellation_id)
    return list(session.scalars(query.order_by(RecalledUnits.id)))


def settle_recall(row: RecalledUnits, *, is_complete: bool) -> None:
    """Closes a recall after the warehouse's answer, unless an undo has just done so."""
    if row.settled_at is None:
        row.status = RecallStatus.CANCELED if is_complete else RecallStatus.TOO_LATE
        row.settled_at = clock.now()


def settle_recalls(session: Session, items: Iterable[OrderItem]) -> None:
    """Closes the recalls of units that are no longer open: they were canceled, or some of them had left."""
    by_id = {item.id: item for item in items}
    rows = asked_back(session, by_id)
    ledger = ledger_of(session, [by_id[item_id] for item_id in rows])
    for item_id, recalls in rows.items():
        line = ledger.lines[item_id]
        for row in recalls:
            units = [units_of(row)]
            if not common(line.with_fate(None), units):
                settle_recall(row, is_complete=common(line.with_fate(Fate.CANCELED), units) == units)
