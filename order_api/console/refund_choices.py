"""What a refund of an order may give back: the free units of each line, and what remains of each charge."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.bill.departed import DepartedGoods, line_of
from order_api.console import wording
from order_api.orders.models import Order, OrderCharge, OrderItem, OrderTax
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
class TaxChoice:
    """A tax of which something remains; `label` names it and what bears it."""

    id: str
    label: str
    remaining: str


@dataclass(frozen=True)
class Choices:
    """`excess` is what was captured beyond what is owed, None if nothing."""

    lines: list[LineChoice]
    charges: list[ChargeChoice]
    taxes: list[TaxChoice]
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
        taxes=_taxes(session, order, goods),
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


def _taxes(session: Session, order: Order, goods: DepartedGoods) -> list[TaxChoice]:
    """Those of lines come before those of charges."""
    left: dict[UUID, int] = {}
    for bearer in (each.remaining.taxes for each in goods.lines):
        left |= bearer
    for bearer in (each.remaining.taxes for each in goods.charges):
        left |= bearer
    bearers: dict[UUID | None, str] = {item.id: item.name for item in order.items}
    bearers |= {charge.id: charge_label(order, charge) for charge in order.charges}
    taxes = session.scalars(select(OrderTax).where(OrderTax.order_id == order.id).order_by(OrderTax.position))
    return [
        TaxChoice(
            str(tax.id),
            f"{tax.name} {wording.percent(f'{tax.rate:f}')} on {bearers[tax.owner_id]}",
            wording.with_currency(left[tax.id], order.currency),
        )
        for tax in sorted(taxes, key=lambda tax: tax.item_id is None)
        if left.get(tax.id)
    ]


def charge_label(order: Order, charge: OrderCharge) -> str:
    """Names the ship group where the order has several."""
    label = charge.name or wording.plain(charge.type)
    groups = {group.id: group.key for group in order.ship_groups}
    return f"{label}, ship group {groups[charge.ship_group_id]}" if charge.ship_group_id and len(groups) > 1 else label
