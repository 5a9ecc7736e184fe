"""Which units carry a remedy (A3): the record that the customer asked for takes them and may release them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from order_api.bill.models import Remedy
from order_api.core import clock
from order_api.orders.fates import Cause
from order_api.orders.line_units import Units, without
from order_api.proof.remaining import Range


def remedied_units(session: Session, order_id: UUID) -> Mapping[UUID, list[Units]]:
    """By item."""
    query = select(Remedy.item_id, Remedy.first_unit, Remedy.quantity).where(Remedy.order_id == order_id)
    units: dict[UUID, list[Units]] = defaultdict(list)
    for item_id, first, quantity in session.execute(query.where(Remedy.released_at.is_(None)).order_by(Remedy.id)):
        units[item_id].append(Units.counted(first, quantity))
    return units


def take_remedy(session: Session, order_id: UUID, cause: Cause, units: Mapping[UUID, Sequence[Range]]) -> None:
    """The caller has locked the order and chosen units without a remedy."""
    for item_id, ranges in units.items():
        for first, quantity in ranges:
            row = Remedy(order_id=order_id, item_id=item_id, first_unit=first, quantity=quantity)
            row.cause_kind, row.cause_id, row.taken_at = cause.kind, cause.id, clock.now()
            session.add(row)
    session.flush()


def release_units(session: Session, cause: Cause, item_id: UUID, units: Iterable[Units]) -> None:
    """Releases some of the units that the record has taken of an item. The order is locked."""
    given_up = list(units)
    own = Remedy.cause_kind == cause.kind, Remedy.cause_id == cause.id, Remedy.released_at.is_(None)
    for row in session.scalars(select(Remedy).where(*own, Remedy.item_id == item_id)).all():
        held = [Units.counted(row.first_unit, row.quantity)]
        kept = without(held, given_up)
        if kept == held:
            continue
        row.released_at = clock.now()
        take_remedy(session, row.order_id, cause, {item_id: [(part.first, part.count) for part in kept]})


def release_remedy(session: Session, cause: Cause) -> None:
    """Repeating is safe."""
    own = Remedy.cause_kind == cause.kind, Remedy.cause_id == cause.id, Remedy.released_at.is_(None)
    session.execute(update(Remedy).where(*own).values(released_at=clock.now()))
