"""What a refund of an order may give back: the free units of each line, and what remains of each charge."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from order_api.bill.departed import DepartedGoods, line_of
from order_api.console import wording
from order_api.orders.models import Order, OrderCharge, OrderItem
from order_api.refunds.ledgers import read_ledgers


@dataclass(frozen=True)
class LineChoice:
    """`free` of `quantity` units have shipped and carry no remedy yet; `why_not` says why none is. `has_a_price` if
    something remains that a price reduction could take."""

    line_id: str
    name: str
    quantity: int
    free: int
    why_not: str | None
    has_a_price: bool


@dataclass(frozen=True)
class ChargeChoice:
    """`remaining` is None if nothing remains of the charge."""

    id: str
    label: str
    remaining: str | None


@dataclass(frozen=True)
class Choices:
    """`excess` is what was captured beyond what is owed, None if nothing."""

    lines: list[LineChoice]
    charges: list[ChargeChoice]
    excess: str | None


def read_choices(session: Session, order: Order) -> Choices:
    """The order is loaded with all its parts."""
    ledgers = read_ledgers(session, order)
    goods = ledgers.goods
    remaining = {each.charge.id: each.remaining.gross for each in goods.charges}
    departed = [charge for charge in order.charges if charge.id in remaining]
    return Choices(
        lines=[_line(goods, item) for item in order.items],
        charges=[_charge(order, charge, remaining[charge.id]) for charge in departed],
        excess=wording.with_currency(ledgers.excess, order.currency) if ledgers.excess else None,
    )


def _line(goods: DepartedGoods, item: OrderItem) -> LineChoice:
    departed = line_of(goods, item)
    free = sum(count for _, count in departed.free) if departed else 0
    why_not = "Every unit that has shipped is part of a refund." if departed else "No unit has shipped."
    has_a_price = departed is not None and goods.remaining_of(item.id) > 0
    return LineChoice(item.line_id, item.name, item.quantity, free, None if free else why_not, has_a_price)


def _charge(order: Order, charge: OrderCharge, remaining: int) -> ChargeChoice:
    amount = wording.with_currency(remaining, order.currency) if remaining else None
    return ChargeChoice(str(charge.id), charge_label(order, charge), amount)


def charge_label(order: Order, charge: OrderCharge) -> str:
    """Names the ship group where the order has several."""
    label = charge.name or wording.plain(charge.type)
    groups = {group.id: group.key for group in order.ship_groups}
    return f"{label}, ship group {groups[charge.ship_group_id]}" if charge.ship_group_id and len(groups) > 1 else label
