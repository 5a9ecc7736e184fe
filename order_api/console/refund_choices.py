"""What a refund of an order may give back, as the order's options say: units of lines, prices, charges and taxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.console import wording
from order_api.orders.models import Order, OrderCharge, OrderItem
from order_api.overview.document_options import ChargeOptions, LineOptions, OptionAnswer, OptionsAnswer
from order_api.overview.options import options_by
from order_api.refunds.ledgers import read_ledgers


@dataclass(frozen=True)
class LineChoice:
    """`free` of `quantity` units can be given back; `why_not` says why none can. `has_a_price` if the price of the line
    can be lowered."""

    line_id: str
    name: str
    quantity: int
    free: int
    why_not: str | None
    has_a_price: bool


@dataclass(frozen=True)
class ChargeChoice:
    """`remaining` is None if nothing of the charge can be given back; `why_not` then says why."""

    id: str
    label: str
    remaining: str | None
    why_not: str | None


@dataclass(frozen=True)
class TaxChoice:
    """A tax of which something remains; `label` names it and what bears it. `why_not` says why it cannot be given
    back."""

    id: str
    label: str
    remaining: str
    why_not: str | None


@dataclass(frozen=True)
class Choices:
    """`excess` is what was captured beyond what is owed, None if nothing."""

    lines: list[LineChoice]
    charges: list[ChargeChoice]
    taxes: list[TaxChoice]
    excess: str | None


def read_choices(session: Session, actor: Actor, order: Order) -> Choices:
    """The order is loaded with all its parts."""
    ledgers = read_ledgers(session, order)
    options = options_by(session, actor, ledgers)
    charges = {charge.id: charge for charge in order.charges}
    has_excess = _find(options.options, "refund_excess").possible
    return Choices(
        lines=[_line(item, line) for item, line in zip(order.items, options.lines, strict=True)],
        charges=[_charge(order, charges[each.charge_id], each) for each in options.charges if each.remaining],
        taxes=_taxes(order, options),
        excess=wording.with_currency(ledgers.excess, order.currency) if has_excess else None,
    )


def _line(item: OrderItem, options: LineOptions) -> LineChoice:
    answers = [(units, _find(units.options, "refund_units")) for units in options.units]
    free = sum(units.quantity for units, answer in answers if answer.possible)
    reasons = [answer.why_not for units, answer in answers if units.remaining is not None]
    why_not = None if free else next(iter(reasons), None) or "No unit has shipped."
    has_a_price = _find(options.options, "price_reduction").possible
    return LineChoice(item.line_id, item.name, item.quantity, free, why_not, has_a_price)


def _charge(order: Order, charge: OrderCharge, options: ChargeOptions) -> ChargeChoice:
    answer = _find(options.options, "refund_charge")
    remaining = _amount(order, options.remaining) if answer.possible and options.remaining else None
    return ChargeChoice(str(charge.id), charge_label(order, charge), remaining, answer.why_not)


def _amount(order: Order, text: str) -> str:
    return f"{wording.grouped(text)} {order.currency}"


def _find(options: Sequence[OptionAnswer], act: str) -> OptionAnswer:
    return next(option for option in options if option.act == act)


def _taxes(order: Order, options: OptionsAnswer) -> list[TaxChoice]:
    """Those of lines come before those of charges."""
    taxes = {tax.id: tax for tax in order.taxes}
    bearers: dict[UUID | None, str] = {item.id: item.name for item in order.items}
    bearers |= {charge.id: charge_label(order, charge) for charge in order.charges}
    found = [tax for line in options.lines for tax in line.taxes]
    found += [tax for charge in options.charges for tax in charge.taxes]
    choices = []
    for each in found:
        tax = taxes[each.tax_id]
        if Decimal(each.remaining):
            label = f"{tax.name} {wording.percent(f'{tax.rate:f}')} on {bearers[tax.owner_id]}"
            remaining = _amount(order, each.remaining)
            choices.append(TaxChoice(str(tax.id), label, remaining, _find(each.options, "refund_tax").why_not))
    return choices


def charge_label(order: Order, charge: OrderCharge) -> str:
    """Names the ship group where the order has several."""
    label = charge.name or wording.plain(charge.type)
    groups = {group.id: group.key for group in order.ship_groups}
    return f"{label}, ship group {groups[charge.ship_group_id]}" if charge.ship_group_id and len(groups) > 1 else label
