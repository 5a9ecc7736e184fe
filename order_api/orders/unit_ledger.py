"""The ledger of the fates of units. Only this module adds entries and changes the counts of an item."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.orders.fates import DEPARTED, Cause, Fate
from order_api.orders.line_units import LedgerEntry, LineUnits, Units
from order_api.orders.models import OrderItem, UnitRange


@dataclass(frozen=True)
class UnitLedger:
    """The units of some items, each as `lines[item.id]`. The caller has locked the order."""

    session: Session
    lines: dict[UUID, LineUnits]

    def add(self, item: OrderItem, ranges: Iterable[Units], fate: Fate, cause: Cause) -> None:
        """Raises ValueError if one of the units may not get this fate."""
        line, now = self.lines[item.id], clock.now()
        for units in ranges:
            line = line.after(units, fate, cause)
            row = UnitRange(order_id=item.order_id, item_id=item.id, first_unit=units.first, quantity=units.count)
            row.fate, row.cause_kind, row.cause_id, row.at = fate, cause.kind, cause.id, now
            self.session.add(row)
        self.lines[item.id] = line
        item.shipped_quantity = line.count(*DEPARTED)
        item.on_their_way_quantity = line.count(Fate.SHIPPED)
        item.delivered_quantity = line.count(Fate.DELIVERED)
        item.canceled_quantity = line.count(Fate.CANCELED)


def ledger_of(session: Session, items: Iterable[OrderItem]) -> UnitLedger:
    quantities = {item.id: item.quantity for item in items}
    entries = _entries(session, quantities)
    return UnitLedger(session, {item_id: LineUnits(units, entries[item_id]) for item_id, units in quantities.items()})


def _entries(session: Session, item_ids: Iterable[UUID]) -> Mapping[UUID, list[LedgerEntry]]:
    row = UnitRange
    query = select(row.item_id, row.first_unit, row.quantity, row.fate, row.cause_kind, row.cause_id)
    entries = defaultdict(list)
    for item_id, first, quantity, fate, kind, cause_id in session.execute(
        query.where(row.item_id.in_(item_ids)).order_by(row.sequence)
    ):
        entries[item_id].append(LedgerEntry(Units.counted(first, quantity), fate, Cause(kind, cause_id)))
    return entries
