"""May an act be done to an order, and if not, why not? One function per act.

Each asks what the act itself asks, so both give the same answer. A new act is a function and a row of a list below.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from order_api.access.actor import Permission
from order_api.bill.departed import line_of
from order_api.core.errors import BusinessRuleViolated
from order_api.orders.fates import Fate
from order_api.orders.models import Order, OrderCharge, OrderItem
from order_api.overview.same_units import SameUnits
from order_api.refunds.ledgers import Ledgers
from order_api.refunds.models import Destination
from order_api.refunds.plan import plan_new_refund
from order_api.refunds.terms import end_at_adapters, refuse_what_adapters_refuse
from order_api.refunds.wanted import WHOLE_ORDER, Goods, Wanted, WantedUnits

T = TypeVar("T")


@dataclass(frozen=True)
class Facts:
    """What the acts are judged by. The functions below read nothing else."""

    order: Order
    ledgers: Ledgers


@dataclass(frozen=True)
class Answer:
    """`why_not` is None if the act is possible. `destinations` are those of a refund, `until` is their first limit."""

    why_not: str | None = None
    until: datetime | None = None
    destinations: Sequence[Destination] = ()


class BorneTax(NamedTuple):
    """A tax of a line or charge that has shipped, and what remains of it."""

    id: UUID
    owner_id: UUID
    remaining: int


class Act(NamedTuple, Generic[T]):
    """An act on a part of an order, such as a line."""

    name: str
    needs: Permission
    may: Callable[[Facts, T], Answer]


def cancel(facts: Facts, same: SameUnits) -> Answer:
    if same.fate is not None:
        return Answer("These units were canceled." if same.fate == Fate.CANCELED else "These units have shipped.")
    if forbidden := facts.order.why_not_act():
        return Answer(forbidden.detail)
    return Answer(None if same.is_cancelable else "The warehouse has been asked to give these units back.")


def refund_units(facts: Facts, same: SameUnits) -> Answer:
    if same.fate is None:
        return Answer("These units have not shipped. Cancel them instead.")
    if same.fate == Fate.CANCELED:
        return Answer("These units were canceled.")
    if same.is_free:
        units = WantedUnits(same.item.id, ((same.units.first, same.units.count),), goods=Goods.BROKEN)
        return _planned(facts, Wanted(units=(units,)))
    if same.held_by is not None:
        return Answer(f"{same.held_by} waits for its approval and concerns these units.")
    return Answer("The customer has got a remedy for these units already.")


def price_reduction(facts: Facts, item: OrderItem) -> Answer:
    departed = line_of(facts.ledgers.goods, item)
    if departed is None:
        return Answer("No unit of the line has shipped.")
    remaining = departed.remaining.gross
    if not remaining:
        return Answer("Nothing remains of the line.")
    return _planned(facts, Wanted(reductions=((item.id, remaining),)))


def refund_charge(facts: Facts, charge: OrderCharge) -> Answer:
    departed = facts.ledgers.goods.charge_by_id.get(charge.id)
    if departed is None:
        return Answer("No parcel has left with this charge.")
    remaining = departed.remaining.gross
    if not remaining:
        return Answer("Nothing remains of the charge.")
    return _planned(facts, Wanted(charges=((charge.id, remaining),)))


def refund_tax(facts: Facts, tax: BorneTax) -> Answer:
    if not tax.remaining:
        return Answer("Nothing remains of the tax.")
    return _planned(facts, Wanted(taxes=((tax.id, tax.owner_id, tax.remaining),)))


def cancel_order(facts: Facts, order: Order) -> Answer:
    forbidden = order.why_not_cancel()
    return Answer(forbidden.detail if forbidden else None)


def reduce_order(facts: Facts, order: Order) -> Answer:
    remaining = facts.ledgers.goods.remaining
    if not remaining:
        return Answer("Nothing remains of what has shipped.")
    return _planned(facts, Wanted(reductions=((WHOLE_ORDER, remaining),)))


def refund_excess(facts: Facts, order: Order) -> Answer:
    if not facts.ledgers.excess:
        return Answer("Nothing was captured beyond what is owed.")
    return _planned(facts, Wanted(excess=facts.ledgers.excess))


OF_UNITS = (Act("cancel", Permission.CANCEL_ORDERS, cancel), Act("refund_units", Permission.REFUND, refund_units))
OF_LINE = (Act("price_reduction", Permission.REFUND, price_reduction),)
OF_CHARGE = (Act("refund_charge", Permission.REFUND, refund_charge),)
OF_TAX = (Act("refund_tax", Permission.REFUND, refund_tax),)
OF_ORDER = (
    Act("cancel_order", Permission.CANCEL_ORDERS, cancel_order),
    Act("reduce_order", Permission.REFUND, reduce_order),
    Act("refund_excess", Permission.REFUND, refund_excess),
)


def _planned(facts: Facts, wanted: Wanted) -> Answer:
    """Asks the plan of the refund. What an adapter refuses can be paid outside."""
    try:
        plan = plan_new_refund(facts.ledgers, wanted, Destination.ORIGINAL)
    except BusinessRuleViolated as refusal:
        return Answer(refusal.detail)
    try:
        refuse_what_adapters_refuse(facts.ledgers, plan)
    except BusinessRuleViolated:
        return Answer(destinations=(Destination.OUTSIDE,))
    return Answer(until=end_at_adapters(facts.ledgers, plan), destinations=tuple(Destination))
