"""Which outbound shipping goes back with goods, once the whole ship group that it was paid for has come back."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.orders.fates import Fate
from order_api.orders.line_units import Units, count_of, without
from order_api.orders.models import OrderCharge
from order_api.orders.unit_ledger import ledger_of
from order_api.proof.remaining import Range
from order_api.refunds.ledgers import Ledgers
from order_api.returns.words import ShippingBack

STANDARD = "shipping"
"""The type of charge that is what a delivery costs without extras."""


def shipping_to_give_back(
    session: Session, ledgers: Ledgers, units: Mapping[UUID, Sequence[Range]], answers: Sequence[ShippingBack]
) -> Iterator[tuple[UUID, int]]:
    """The charges of ship groups of which no unit stays with the customer after these have come back, each with what
    remains of it. `answers` are those of the lines; the best one for the customer counts."""
    if not set(answers) - {ShippingBack.NONE}:
        return
    groups = _emptied(session, ledgers, units)
    charges = select(OrderCharge).where(OrderCharge.ship_group_id.in_(groups)).order_by(OrderCharge.position)
    for charge in session.scalars(charges):
        departed = ledgers.goods.charge_by_id.get(charge.id)
        is_meant = ShippingBack.ALL in answers or charge.type == STANDARD
        if departed is not None and is_meant and departed.remaining.gross:
            yield charge.id, departed.remaining.gross


def _emptied(session: Session, ledgers: Ledgers, units: Mapping[UUID, Sequence[Range]]) -> set[UUID]:
    ledger = ledger_of(session, ledgers.order.items)
    staying = set()
    for item in ledgers.order.items:
        line = ledger.lines[item.id]
        coming = [Units.counted(*each) for each in units.get(item.id, ())]
        with_customer = without(line.with_fate(None, Fate.SHIPPED, Fate.DELIVERED), coming)
        if count_of(with_customer):
            staying.add(item.ship_group_id)
    returning = {item.ship_group_id for item in ledgers.order.items if item.id in units}
    return returning - staying
