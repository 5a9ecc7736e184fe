"""Reckons what a refund does: one function for preview and execution, so that both say the same (A11)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from order_api.bill.departed import GIVES_BACK
from order_api.bill.models import AdjustmentKind
from order_api.payments.errors import PaymentInProgress
from order_api.proof.fees import LineBack, TakenFee, take_fees
from order_api.proof.give_up import (
    DepartedCharge,
    DepartedLine,
    Taken,
    reduce_charge,
    reduce_line,
    reduce_order,
    remove_tax,
    take_units,
)
from order_api.proof.give_up import MoreThanRemains as TooMuch
from order_api.proof.refund import Settlement, settle
from order_api.proof.remaining import NOTHING, Parts
from order_api.refunds.errors import RefundWaiting
from order_api.refunds.ledgers import Ledgers
from order_api.refunds.models import Destination
from order_api.refunds.wanted import WHOLE_ORDER, Goods, Wanted

KINDS = {
    Goods.LOST: AdjustmentKind.UNITS_LOST,
    Goods.BROKEN: AdjustmentKind.UNITS_LOST,
    Goods.RETURNED: AdjustmentKind.UNITS_RETURNED,
}
"""What the bill calls units that give something back."""


@dataclass(frozen=True)
class PlannedPart:
    kind: AdjustmentKind
    taken: Sequence[Taken]

    def remaining_of(self, taken: Taken) -> Parts:
        """What remains before of the range or charge; a unit gives back all that remains of it."""
        return NOTHING if self.kind in GIVES_BACK else taken.of.remaining


@dataclass(frozen=True)
class RefundPlan:
    """What the refund takes off the bill, per kind, what fees keep of it, and what becomes of the rest."""

    wanted: Wanted
    destination: Destination
    parts: Sequence[PlannedPart]
    fees: Sequence[TakenFee]
    settlement: Settlement

    @property
    def taken(self) -> list[Taken]:
        return [taken for part in self.parts for taken in part.taken]

    @property
    def amount(self) -> int:
        return sum(taken.parts.gross for taken in self.taken) - sum(fee.amount for fee in self.fees)

    @property
    def digest(self) -> str:
        """Of every amount that the preview promises, and of where each goes.

        Of what takes a part, also of what it is a part of: the next part may be the same amount.
        """
        settlement = self.settlement
        taken = [
            [part.kind, each.of.id, each.units, *_amounts(each.parts), *_amounts(part.remaining_of(each))]
            for part in self.parts
            for each in part.taken
        ]
        ends = [settlement.ends_unpaid, settlement.ends_written_off, settlement.paid_back]
        fees = [[fee.fee.type, str(each.item_id), *_amounts(each.parts)] for fee in self.fees for each in fee.of_lines]
        promised = [self.destination, taken, fees, ends, _by_text(settlement.rows)]
        return sha256(json.dumps(promised).encode()).hexdigest()[:32]


def plan_new_refund(ledgers: Ledgers, wanted: Wanted, destination: Destination) -> RefundPlan:
    """Like `plan_refund`, for a refund that is not asked for yet."""
    plan = plan_refund(ledgers, wanted, destination)
    _refuse_to_share_what_is_unpaid(ledgers, plan.settlement)
    return plan


def plan_refund(ledgers: Ledgers, wanted: Wanted, destination: Destination) -> RefundPlan:
    """Raises MoreThanRemains, RefundWaiting and PaymentInProgress."""
    _refuse_conflicts(ledgers, wanted)
    parts = list(_parts(ledgers, wanted))
    taken = [each for part in parts for each in part.taken]
    _refuse_unsettled(ledgers, taken)
    fees = take_fees(list(_lines_back(ledgers, parts)), wanted.fees)
    money = ledgers.balance, ledgers.captures, ledgers.tenders
    try:
        settlement = settle(taken, *money, fees=fees, excess=wanted.excess)
    except ValueError as error:
        room = sum(capture.room for capture in ledgers.captures)
        raise ledgers.more_than_remains(f"The captures of the order cannot give that back. {error}", room) from None
    return RefundPlan(wanted, destination, parts, fees, settlement)


def _refuse_to_share_what_is_unpaid(ledgers: Ledgers, settlement: Settlement) -> None:
    """What is unpaid or written off is ended by one refund at a time. Otherwise another would be paid back because one
    that waits ends the debt, and that one might then be canceled."""
    ends = [settlement.ends_unpaid + settlement.ends_written_off]
    ends += [waiting.ends_unpaid + waiting.ends_written_off for waiting in ledgers.waiting]
    if ledgers.waiting and any(ends):
        number = ledgers.waiting[0].number
        raise RefundWaiting(f"{number} waits for its approval, and a part of the order is not paid.", number=number)


def _parts(ledgers: Ledgers, wanted: Wanted) -> Iterator[PlannedPart]:
    included = ledgers.order.tax_included
    lines, charges = ledgers.goods.line_by_id, ledgers.goods.charge_by_id
    for units in wanted.units:
        taken = take_units(lines[units.item_id], units.ranges, tax_included=included)
        yield PlannedPart(KINDS[units.goods], taken)
    for item_id, amount in wanted.reductions:
        yield PlannedPart(AdjustmentKind.PRICE_REDUCTION, _reduced(ledgers, item_id, amount))
    for charge_id, amount in wanted.charges:
        yield PlannedPart(AdjustmentKind.CHARGE_REMOVED, _of_charge(ledgers, charges[charge_id], amount))
    for tax_id, owner, most in wanted.taxes:
        bearer = lines.get(owner) or charges[owner]
        yield PlannedPart(AdjustmentKind.TAX_REMOVED, _of_tax(ledgers, bearer, tax_id, most))


def _lines_back(ledgers: Ledgers, parts: Iterable[PlannedPart]) -> Iterator[LineBack]:
    """What returned units give back, of which fees are kept: each line is one part."""
    for part in parts:
        if part.kind == AdjustmentKind.UNITS_RETURNED and part.taken:
            units = sum(each.units[1] for each in part.taken if each.units)
            back = sum((each.parts for each in part.taken), NOTHING)
            yield LineBack(ledgers.goods.owner_of(part.taken[0].of), units, back)


def _reduced(ledgers: Ledgers, item_id: UUID | None, amount: int) -> Sequence[Taken]:
    included, goods = ledgers.order.tax_included, ledgers.goods
    try:
        if item_id is WHOLE_ORDER:
            return reduce_order(goods.lines, goods.charges, amount, tax_included=included)
        return reduce_line(goods.line_by_id[item_id], amount, tax_included=included)
    except TooMuch as refusal:
        what = "the order" if item_id is WHOLE_ORDER else "the line"
        raise ledgers.more_than_remains(f"Less than that remains of {what}.", refusal.remaining) from None


def _of_charge(ledgers: Ledgers, charge: DepartedCharge, amount: int) -> Sequence[Taken]:
    try:
        return reduce_charge(charge, amount)
    except TooMuch as refusal:
        raise ledgers.more_than_remains("Less than that remains of the charge.", refusal.remaining) from None


def _of_tax(ledgers: Ledgers, bearer: DepartedLine | DepartedCharge, tax_id: UUID, most: int) -> Sequence[Taken]:
    try:
        return remove_tax(bearer, tax_id, most, tax_included=ledgers.order.tax_included)
    except TooMuch as refusal:
        raise ledgers.more_than_remains("Nothing remains of the tax.", refusal.remaining) from None


def _refuse_conflicts(ledgers: Ledgers, wanted: Wanted) -> None:
    for number, others in ledgers.wanted_by_waiting:
        if wanted.conflicts_with(others):
            detail = f"{number} waits for its approval and concerns the same line or charge."
            raise RefundWaiting(detail, number=number)


def _refuse_unsettled(ledgers: Ledgers, taken: Sequence[Taken]) -> None:
    if ledgers.unsettled.intersection(each.of.shipment_id for each in taken):
        raise PaymentInProgress("The parcel is not paid yet. Once its payment is settled, the refund can be made.")
    if ledgers.is_capture_under_way:
        raise PaymentInProgress("The gateway has not answered a capture yet, on which it depends what is owed.")


def _amounts(parts: Parts) -> list[object]:
    return [parts.gross, _by_text(parts.taxes)]


def _by_text(amounts: Mapping[UUID, int]) -> list[list[object]]:
    return [[str(id_), amount] for id_, amount in amounts.items()]
