"""Reads what has departed of an order and what is left of it: the input of every act that lowers the bill."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.bill.models import Adjustment, AdjustmentKind, KeptWorth
from order_api.bill.priced import read_priced
from order_api.bill.remedies import remedied_units
from order_api.orders.line_units import Units, without
from order_api.orders.models import Order, OrderItem
from order_api.proof.give_up import DepartedCharge, DepartedLine, Kept
from order_api.proof.remaining import Change, GivenBack, Parts, Reduction
from order_api.proof.worth import Charge

GIVES_BACK = (AdjustmentKind.UNITS_LOST, AdjustmentKind.UNITS_RETURNED)
"""The adjustments that take all that units have left; the others take a part."""


class KeptRow(NamedTuple):
    """The columns of a row of `kept_worth` that acts need; an order may have many rows."""

    id: int
    shipment_id: UUID
    item_id: UUID | None
    charge_id: UUID | None
    tax_id: UUID | None
    first_unit: int | None
    quantity: int | None
    remaining: int


@dataclass(frozen=True)
class DepartedGoods:
    """Lines and charges in the sequence in which they were sent. `rows` are those of `kept_worth`, by `Kept.id`: the
    gross, then each tax. `not_departed` are charges of ship groups and of the order with which no parcel has left."""

    lines: list[DepartedLine]
    charges: list[DepartedCharge]
    not_departed: frozenset[UUID]
    rows: Mapping[int, Sequence[KeptRow]]

    @cached_property
    def line_by_id(self) -> Mapping[UUID, DepartedLine]:
        return {each.line.id: each for each in self.lines}

    @cached_property
    def charge_by_id(self) -> Mapping[UUID, DepartedCharge]:
        return {each.charge.id: each for each in self.charges}

    @property
    def bearers(self) -> list[DepartedLine | DepartedCharge]:
        """All that bears taxes: lines, then charges."""
        return [*self.lines, *self.charges]

    def owner_of(self, kept: Kept) -> UUID:
        """The id of its line or charge."""
        source = self.rows[kept.id][0]
        owner_id = source.item_id or source.charge_id
        assert owner_id is not None
        return owner_id

    @cached_property
    def remaining(self) -> int:
        """What is left of everything that departed."""
        return sum(rows[0].remaining for rows in self.rows.values())

    def remaining_of(self, owner_id: UUID) -> int:
        """What is left of a line with its own charges, or of a charge."""
        bearer = self.line_by_id.get(owner_id) or self.charge_by_id[owner_id]
        return bearer.remaining.gross


def departed_goods(session: Session, order: Order) -> DepartedGoods:
    """The order's items are loaded; to act on what it says, lock the order before."""
    rows = _rows(session, order.id)
    kept_of: dict[UUID | None, list[Kept]] = defaultdict(list)
    for group in rows.values():
        kept_of[group[0].item_id or group[0].charge_id].append(_kept(group))
    items = [item for item in order.items if item.id in kept_of]
    priced = read_priced(session, order.id, [(item, Units(1, item.quantity)) for item in items], of_all_lines=True)
    changes, remedied = _changes(session, order.id), remedied_units(session, order.id)
    own: dict[UUID | None, list[Charge]] = defaultdict(list)
    for charge in priced.charges:
        own[charge.owner_id].append(charge)
    lines = []
    for item, part in zip(items, priced.units, strict=True):
        kept = sorted(kept_of[item.id], key=_first_unit)
        free = [(units.first, units.count) for units in without(_units_of(kept), remedied[item.id])]
        lines.append(DepartedLine(part.line, own[item.id], kept, changes[item.id], free))
    charges = [DepartedCharge(charge, kept) for charge in priced.charges for kept in kept_of[charge.id]]
    of_lines, departed = {item.id for item in order.items}, {each.charge.id for each in charges}
    others = frozenset(each.id for each in priced.charges if each.owner_id not in of_lines)
    return DepartedGoods(lines, charges, others - departed, rows)


def line_of(goods: DepartedGoods, item: OrderItem) -> DepartedLine | None:
    """None if nothing of the line has departed."""
    return goods.line_by_id.get(item.id)


def _rows(session: Session, order_id: UUID) -> Mapping[int, list[KeptRow]]:
    """By the id of the gross, which is stored before its taxes."""
    columns = [getattr(KeptWorth, name) for name in KeptRow._fields]
    found = session.execute(select(*columns).where(KeptWorth.order_id == order_id).order_by(KeptWorth.id))
    rows: dict[int, list[KeptRow]] = {}
    group: list[KeptRow] = []
    for row in map(KeptRow._make, found):
        if row.tax_id is None:
            group = rows[row.id] = []
        group.append(row)
    return rows


def _kept(rows: Sequence[KeptRow]) -> Kept:
    gross, *taxes = rows
    units = (gross.first_unit, gross.quantity) if gross.first_unit and gross.quantity else None
    remaining = Parts(gross.remaining, {row.tax_id: row.remaining for row in taxes if row.tax_id})
    return Kept(gross.id, gross.shipment_id, units, remaining)


def _changes(session: Session, order_id: UUID) -> Mapping[UUID | None, list[Change]]:
    """By line, what earlier acts took of units that had departed, oldest first."""
    took = Adjustment.is_before_departure.is_(False), Adjustment.kind != AdjustmentKind.FEE
    query = select(Adjustment).where(Adjustment.order_id == order_id, *took)
    changes: dict[UUID | None, list[Change]] = defaultdict(list)
    of_act = groupby(
        session.scalars(query.order_by(Adjustment.sequence)), lambda row: (row.cause_id, row.item_id, row.kind)
    )
    for (_, item_id, kind), group in of_act:
        rows = list(group)
        ranges = [(r.first_unit, r.quantity) for r in rows if r.tax_id is None and r.first_unit and r.quantity]
        taken = sum((_taken(row) for row in rows), Parts(0, {}))
        changes[item_id].append(GivenBack(ranges) if kind in GIVES_BACK else Reduction(ranges, taken))
    return changes


def _taken(row: Adjustment) -> Parts:
    return Parts(-row.amount, {}) if row.tax_id is None else Parts(0, {row.tax_id: -row.amount})


def _first_unit(kept: Kept) -> int:
    return kept.units[0] if kept.units else 0


def _units_of(kept: Iterable[Kept]) -> list[Units]:
    return [Units.counted(*each.units) for each in kept if each.units]
