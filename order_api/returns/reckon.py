"""What units of a return give back: one pure function for the preview and for what is carried out (A11)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.bill.models import Adjustment
from order_api.orders.fates import CauseKind, Fate
from order_api.orders.line_units import Units, count_of, without
from order_api.orders.models import OrderCharge
from order_api.orders.unit_ledger import ledger_of
from order_api.proof.fees import Fee, Fixed, Per
from order_api.proof.remaining import GivenBack, Range
from order_api.refunds.errors import RefundNotPossible
from order_api.refunds.ledgers import Ledgers
from order_api.refunds.models import Destination, Refund
from order_api.refunds.plan import RefundPlan, plan_new_refund
from order_api.refunds.terms import refuse_what_adapters_refuse
from order_api.refunds.wanted import Goods, Wanted, WantedUnits
from order_api.returns.models import Return
from order_api.returns.policy import SURCHARGE, FeeAnswer, PolicyAnswer
from order_api.returns.words import ShippingBack
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import Fault, OfferedReason, fault_of_reason

STANDARD = "shipping"
"""The type of charge that is what a delivery costs without extras."""
ALL = {ShippingBack.ALL, ShippingBack.ALL_AT_ONCE}
STAYING = (None, Fate.SHIPPED, Fate.DELIVERED, Fate.LOST, Fate.RETURNED)
"""The fates of units that are not canceled. The bill says whether they stay with the customer."""


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
    """What the reckoning reads. `staying` are units that are not canceled and have not been given back, by item;
    `shipping_back` what the policy said about the outbound shipping of each item of the return, also of units that are
    settled; `borne` what earlier refunds of the return have kept of fees that are taken once, by type and item."""

    ledgers: Ledgers
    reasons: Sequence[OfferedReason]
    shipping: Sequence[ShippingCharge]
    staying: Mapping[UUID, Sequence[Units]]
    shipping_back: Mapping[UUID, set[ShippingBack]]
    borne: Counter[tuple[str, UUID]]


def read_return_ledgers(
    session: Session, ledgers: Ledgers, return_: Return | None = None, refunds: Sequence[Refund] = ()
) -> ReturnLedgers:
    """`refunds` are the earlier ones of the return; both are missing in a preview of a new return."""
    order = ledgers.order
    of_groups = select(OrderCharge.id, OrderCharge.type, OrderCharge.ship_group_id).order_by(OrderCharge.position)
    rows = session.execute(of_groups.where(OrderCharge.order_id == order.id, OrderCharge.ship_group_id.is_not(None)))
    units = ledger_of(session, order.items).lines
    return ReturnLedgers(
        ledgers=ledgers,
        reasons=session.get_one(OrderCollection, order.collection_id).properties.reasons,
        shipping=[ShippingCharge(id_, type_, group) for id_, type_, group in rows if group is not None],
        staying={id_: without(line.with_fate(*STAYING), _given_back(ledgers, id_)) for id_, line in units.items()},
        shipping_back=_shipping_back(return_),
        borne=_borne(session, refunds),
    )


def _given_back(ledgers: Ledgers, item_id: UUID) -> list[Units]:
    departed = ledgers.goods.line_by_id.get(item_id)
    changes = departed.changes if departed else ()
    return [Units.counted(*each) for change in changes if isinstance(change, GivenBack) for each in change.ranges]


def _shipping_back(return_: Return | None) -> Mapping[UUID, set[ShippingBack]]:
    answers: dict[UUID, set[ShippingBack]] = {}
    for line in return_.lines if return_ else ():
        if line.is_allowed and line.policy is not None:
            answers.setdefault(line.item_id, set()).add(PolicyAnswer.from_json(line.policy).shipping_back)
    return answers


def reckon(given: ReturnLedgers, lines: Sequence[LineGivingBack]) -> RefundPlan:
    """The lines have each item with one set of fees. What an adapter does not give back is to be paid outside. Raises
    what a plan of a refund raises."""
    units: dict[UUID, list[Range]] = {}
    for line in lines:
        units.setdefault(line.item_id, []).extend(line.ranges)
    wanted = Wanted(
        units=tuple(WantedUnits(id_, tuple(sorted(ranges)), Goods.RETURNED) for id_, ranges in units.items()),
        charges=tuple(_shipping(given, units, lines)),
        fees=tuple(_fees(given, lines)),
    )
    plan = plan_new_refund(given.ledgers, wanted, Destination.ORIGINAL)
    try:
        refuse_what_adapters_refuse(given.ledgers, plan)
    except RefundNotPossible:
        return plan_new_refund(given.ledgers, wanted, Destination.OUTSIDE)
    return plan


def _shipping(
    given: ReturnLedgers, units: Mapping[UUID, Sequence[Range]], lines: Sequence[LineGivingBack]
) -> Iterator[tuple[UUID, int]]:
    """The outbound shipping of ship groups of which nothing stays with the customer after these have come back, or of
    which a line has it come at once; each charge with what remains of it. The best answer about a line of the group
    counts."""
    group_of = {item.id: item.ship_group_id for item in given.ledgers.order.items}
    answers: dict[UUID, set[ShippingBack]] = {}
    for item_id, earlier in given.shipping_back.items():
        answers.setdefault(group_of[item_id], set()).update(earlier)
    for line in lines:
        answers.setdefault(group_of[line.item_id], set()).add(line.policy.shipping_back)
    whole = _emptied(given, units)
    at_once = {group_of[line.item_id] for line in lines if line.policy.shipping_back == ShippingBack.ALL_AT_ONCE}
    for charge in given.shipping:
        own = answers.get(charge.ship_group_id, set())
        departed = given.ledgers.goods.charge_by_id.get(charge.id)
        is_meant = bool(own & ALL) or (ShippingBack.STANDARD in own and charge.type == STANDARD)
        goes_back = charge.ship_group_id in at_once or (charge.ship_group_id in whole and is_meant)
        if goes_back and departed is not None and departed.remaining.gross:
            yield charge.id, departed.remaining.gross


def _emptied(given: ReturnLedgers, units: Mapping[UUID, Sequence[Range]]) -> set[UUID]:
    """The ship groups of these units of which nothing else stays."""
    staying, returning = set(), set()
    for item in given.ledgers.order.items:
        coming = [Units.counted(*each) for each in units.get(item.id, ())]
        if coming:
            returning.add(item.ship_group_id)
        if count_of(without(given.staying[item.id], coming)):
            staying.add(item.ship_group_id)
    return returning - staying


def _fees(given: ReturnLedgers, lines: Sequence[LineGivingBack]) -> Iterator[Fee]:
    items_of: dict[FeeAnswer, list[UUID]] = {}
    for line in lines:
        for answer in fees_borne(given.reasons, line.reason, line.fees):
            items_of.setdefault(replace(answer, words=""), []).append(line.item_id)
    per_return: dict[str, Fee] = {}
    for answer, item_ids in items_of.items():
        fee = answer.of_lines(list(dict.fromkeys(item_ids)), given.ledgers.order.currency)
        if answer.per == Per.RETURN:
            per_return[fee.type] = _joined(per_return.get(fee.type), fee)
        elif answer.per == Per.LINE:
            yield from _per_line(given, fee)
        else:
            yield fee
    for fee in per_return.values():
        borne = sum(amount for (type_, _), amount in given.borne.items() if type_ == fee.type)
        yield _less(fee, fee.lines, borne)


def fees_borne(reasons: Sequence[OfferedReason], reason: str, fees: Sequence[FeeAnswer]) -> list[FeeAnswer]:
    """At the seller's fault no fee is taken (A6), only what a person keeps with a reason."""
    is_ours = fault_of_reason(reasons, reason) == Fault.SELLER
    return [fee for fee in fees if not is_ours or fee.type == SURCHARGE]


def _joined(fee: Fee | None, other: Fee) -> Fee:
    """A return bears one fee of a type that is taken per return: the highest that a line's answer names."""
    if fee is None:
        return other
    highest = max((fee, other), key=lambda each: each.size.amount if isinstance(each.size, Fixed) else 0)
    return replace(highest, lines=tuple(dict.fromkeys([*fee.lines, *other.lines])))


def _per_line(given: ReturnLedgers, fee: Fee) -> Iterator[Fee]:
    """What earlier receipts have borne of a fee per line is done with."""
    borne = {item_id: given.borne[(fee.type, item_id)] for item_id in fee.lines}
    untouched = tuple(item_id for item_id, amount in borne.items() if not amount)
    if untouched:
        yield replace(fee, lines=untouched)
    for item_id, amount in borne.items():
        if amount:
            yield _less(fee, (item_id,), amount)


def _less(fee: Fee, lines: Collection[UUID], borne: int) -> Fee:
    assert isinstance(fee.size, Fixed)
    return replace(fee, lines=lines, size=replace(fee.size, amount=max(0, fee.size.amount - borne)))


def _borne(session: Session, refunds: Sequence[Refund]) -> Counter[tuple[str, UUID]]:
    once: dict[UUID, set[str]] = {}
    for refund in refunds:
        fees = Wanted.from_json(refund.wanted).fees
        once[refund.id] = {f.type for f in fees if isinstance(f.size, Fixed) and f.size.per != Per.UNIT}
    own = Adjustment.cause_kind == CauseKind.REFUND, Adjustment.cause_id.in_(once)
    kept = select(Adjustment.cause_id, Adjustment.fee_type, Adjustment.item_id, Adjustment.amount).where(*own)
    borne = Counter[tuple[str, UUID]]()
    rows = session.execute(kept.where(Adjustment.fee_type.is_not(None), Adjustment.tax_id.is_(None))) if once else ()
    for refund_id, fee_type, item_id, amount in rows:
        if fee_type in once[refund_id] and item_id is not None:
            borne[(str(fee_type), item_id)] += amount
    return borne
