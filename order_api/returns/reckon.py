"""What units of a return give back: one pure function for the preview and for what is carried out (A11)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.bill.models import Adjustment
from order_api.orders.fates import CauseKind, Fate
from order_api.orders.line_units import Units, count_of, without
from order_api.orders.models import OrderCharge
from order_api.orders.unit_ledger import ledger_of
from order_api.proof.fees import Fee, Fixed, Per
from order_api.proof.remaining import Range
from order_api.refunds.ledgers import Ledgers
from order_api.refunds.models import Destination
from order_api.refunds.plan import RefundPlan, plan_new_refund
from order_api.refunds.wanted import Goods, Wanted, WantedUnits
from order_api.returns.policy import FeeAnswer, PolicyAnswer
from order_api.returns.words import ShippingBack
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import Fault, OfferedReason, fault_of_reason

STANDARD = "shipping"
"""The type of charge that is what a delivery costs without extras."""


@dataclass(frozen=True)
class LineGivingBack:
    """Units of one line of a return for which money goes back now, and what the tables say about them."""

    item_id: UUID
    reason: str
    ranges: Sequence[Range]
    policy: PolicyAnswer
    fees: Sequence[FeeAnswer]


class ShippingCharge(NamedTuple):
    id: UUID
    type: str
    ship_group_id: UUID


@dataclass(frozen=True)
class ReturnLedgers:
    """What the reckoning reads. `with_customer` are units that are open, on their way or with the customer, by item;
    `borne` is what earlier refunds of the return have kept, by type of fee."""

    ledgers: Ledgers
    reasons: Sequence[OfferedReason]
    shipping: Sequence[ShippingCharge]
    with_customer: Mapping[UUID, Sequence[Units]]
    borne: Mapping[str, int]


def read_return_ledgers(session: Session, ledgers: Ledgers, earlier_refunds: Sequence[UUID] = ()) -> ReturnLedgers:
    order = ledgers.order
    of_groups = select(OrderCharge.id, OrderCharge.type, OrderCharge.ship_group_id).order_by(OrderCharge.position)
    rows = session.execute(of_groups.where(OrderCharge.order_id == order.id, OrderCharge.ship_group_id.is_not(None)))
    units = ledger_of(session, order.items).lines
    return ReturnLedgers(
        ledgers=ledgers,
        reasons=session.get_one(OrderCollection, order.collection_id).properties.reasons,
        shipping=[ShippingCharge(id_, type_, group) for id_, type_, group in rows if group is not None],
        with_customer={id_: line.with_fate(None, Fate.SHIPPED, Fate.DELIVERED) for id_, line in units.items()},
        borne=_borne(session, earlier_refunds),
    )


def reckon(given: ReturnLedgers, lines: Sequence[LineGivingBack]) -> RefundPlan:
    """The lines have each item with one set of fees. Raises what a plan of a refund raises."""
    units: dict[UUID, list[Range]] = {}
    for line in lines:
        units.setdefault(line.item_id, []).extend(line.ranges)
    wanted = Wanted(
        units=tuple(WantedUnits(id_, tuple(sorted(ranges)), Goods.RETURNED) for id_, ranges in units.items()),
        charges=tuple(_shipping(given, units, {line.policy.shipping_back for line in lines})),
        fees=tuple(_fees(given, lines)),
    )
    return plan_new_refund(given.ledgers, wanted, Destination.ORIGINAL)


def _shipping(
    given: ReturnLedgers, units: Mapping[UUID, Sequence[Range]], answers: set[ShippingBack]
) -> Iterator[tuple[UUID, int]]:
    """The outbound shipping of ship groups of which no unit stays with the customer after these have come back, each
    charge with what remains of it. The best answer for the customer counts."""
    groups = _emptied(given, units) if answers - {ShippingBack.NONE} else set[UUID]()
    for charge in given.shipping:
        departed = given.ledgers.goods.charge_by_id.get(charge.id)
        is_meant = charge.ship_group_id in groups and (ShippingBack.ALL in answers or charge.type == STANDARD)
        if is_meant and departed is not None and departed.remaining.gross:
            yield charge.id, departed.remaining.gross


def _emptied(given: ReturnLedgers, units: Mapping[UUID, Sequence[Range]]) -> set[UUID]:
    staying, returning = set(), set()
    for item in given.ledgers.order.items:
        coming = [Units.counted(*each) for each in units.get(item.id, ())]
        if coming:
            returning.add(item.ship_group_id)
        if count_of(without(given.with_customer[item.id], coming)):
            staying.add(item.ship_group_id)
    return returning - staying


def _fees(given: ReturnLedgers, lines: Sequence[LineGivingBack]) -> Iterator[Fee]:
    """At the seller's fault none is taken (A6). Of a fee per return, what earlier receipts have borne is done with."""
    items_of: dict[FeeAnswer, list[UUID]] = {}
    for line in lines:
        if fault_of_reason(given.reasons, line.reason) != Fault.SELLER:
            for answer in line.fees:
                items_of.setdefault(answer, []).append(line.item_id)
    for answer, item_ids in items_of.items():
        fee = answer.of_lines(list(dict.fromkeys(item_ids)), given.ledgers.order.currency)
        if isinstance(fee.size, Fixed) and fee.size.per == Per.RETURN:
            rest = max(0, fee.size.amount - given.borne.get(fee.type, 0))
            fee = replace(fee, size=replace(fee.size, amount=rest))
        yield fee


def _borne(session: Session, refunds: Sequence[UUID]) -> Mapping[str, int]:
    if not refunds:
        return {}
    own = Adjustment.cause_kind == CauseKind.REFUND, Adjustment.cause_id.in_(refunds)
    kept = select(Adjustment.fee_type, func.sum(Adjustment.amount)).where(*own)
    kept = kept.where(Adjustment.fee_type.is_not(None), Adjustment.tax_id.is_(None))
    return {str(fee_type): int(amount) for fee_type, amount in session.execute(kept.group_by(Adjustment.fee_type))}
