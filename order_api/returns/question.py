"""What the tables of returns are asked about a line: which goods, why, how long after their delivery, and whose."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.bill.models import Adjustment, AdjustmentKind
from order_api.core import clock, money
from order_api.orders.fates import Fate
from order_api.orders.line_units import Units, common
from order_api.orders.models import Order, OrderItem, UnitRange
from order_api.proof.give_up import take_units
from order_api.proof.remaining import Range
from order_api.refunds.approval import of_customer
from order_api.refunds.ledgers import Ledgers
from order_api.returns.window import day_of, days_between
from order_api.returns.words import ComesBy
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import fault_of_reason

YEAR = timedelta(days=365)
AS_JSON = ("customer_groups", "attributes")


@dataclass(frozen=True)
class LineQuestion:
    """The inputs of both tables. `line` only tells the answers apart.

    `days` since the delivery, or if there was none (`is_delivered`) since the goods left, by the collection's calendar;
    the units that came last count. `placed_on` is a day of that calendar, too, as in 2026-11-30. `attributes` are those
    that the channel sent with the line. `amount` is what the units have left, as a decimal string of `currency`.
    `returned_share` is how much of what this customer bought in a year was returned, in whole percent, rounded up.
    """

    line: str
    sku: str
    attributes: dict[str, Any]
    quantity: int
    amount: str
    currency: str
    days: int
    is_delivered: bool
    placed_on: str
    return_reason: str
    fault: str
    comes_by: str
    collection: str
    customer_type: str
    customer_groups: list[str]
    asked_by_role: str
    returned_share: int

    def as_variables(self) -> dict[str, Any]:
        """As the engine takes them: what is no plain value is JSON."""
        values = {("return_line" if name == "line" else name): value for name, value in vars(self).items()}
        return values | {name: {"value": json.dumps(values[name]), "type": "Json"} for name in AS_JSON}

    @classmethod
    def names(cls) -> set[str]:
        """Those of its variables."""
        return {"return_line" if field.name == "line" else field.name for field in fields(cls)}


@dataclass(frozen=True)
class AskedLine:
    """A line of a return, announced or to be: which units come back, and why."""

    line: str
    item: OrderItem
    reason: str
    ranges: Sequence[Range]
    at: datetime
    """When they were announced or arrived: until then their days are counted."""


def line_questions(
    session: Session, asked_by_role: str, ledgers: Ledgers, comes_by: ComesBy, lines: Sequence[AskedLine]
) -> list[LineQuestion]:
    """One for each line, in their order."""
    order = ledgers.order
    properties = session.get_one(OrderCollection, order.collection_id).properties
    share, moves = _returned_share(session, order), _moves(session, order.id)
    questions = []
    for line in lines:
        is_delivered, moved_at = _last_move(moves.get(line.item.id, ()), line.ranges)
        question = LineQuestion(
            line=line.line,
            sku=line.item.stock_key,
            attributes=line.item.attributes,
            quantity=sum(quantity for _, quantity in line.ranges),
            amount=money.to_text(_left_of(ledgers, line), order.currency),
            currency=order.currency,
            days=days_between(moved_at, max(moved_at, line.at), properties.time_zone),
            is_delivered=is_delivered,
            placed_on=day_of(order.placed_at, properties.time_zone).isoformat(),
            return_reason=line.reason,
            fault=fault_of_reason(properties.reasons, line.reason),
            comes_by=comes_by,
            collection=order.collection_key,
            customer_type=order.customer_type,
            customer_groups=list(order.customer_groups),
            asked_by_role=asked_by_role,
            returned_share=share,
        )
        questions.append(question)
    return questions


Move = tuple[Units, Fate, datetime]


def _moves(session: Session, order_id: UUID) -> Mapping[UUID, list[Move]]:
    """By item, when which units left and when they were delivered."""
    row = UnitRange
    query = select(row.item_id, row.first_unit, row.quantity, row.fate, row.at).where(row.order_id == order_id)
    moves: dict[UUID, list[Move]] = {}
    for item_id, first, quantity, fate, at in session.execute(
        query.where(row.fate.in_((Fate.SHIPPED, Fate.DELIVERED))).order_by(row.sequence)
    ):
        moves.setdefault(item_id, []).append((Units.counted(first, quantity), fate, at))
    return moves


def _last_move(moves: Sequence[Move], ranges: Sequence[Range]) -> tuple[bool, datetime]:
    """Whether all of these units were delivered, and when the last of them was; else when the last of them left."""
    units = [Units.counted(*each) for each in ranges]
    own = [(some, fate, at) for some, fate, at in moves if common([some], units)]
    delivered = [(some, at) for some, fate, at in own if fate == Fate.DELIVERED]
    covered = sum(each.count for each in common(units, [some for some, _ in delivered]))
    if delivered and covered == sum(each.count for each in units):
        return True, max(at for _, at in delivered)
    return False, max((at for _, fate, at in own if fate == Fate.SHIPPED), default=clock.now())


def _left_of(ledgers: Ledgers, line: AskedLine) -> int:
    departed = ledgers.goods.line_by_id[line.item.id]
    taken = take_units(departed, line.ranges, tax_included=ledgers.order.tax_included)
    return sum(part.parts.gross for part in taken)


def _returned_share(session: Session, order: Order) -> int:
    of_year = of_customer(order), Order.currency == order.currency, Order.placed_at >= clock.now() - YEAR
    bought = session.scalar(select(func.coalesce(func.sum(Order.grand_total), 0)).where(*of_year))
    returned = select(func.coalesce(-func.sum(Adjustment.amount), 0)).join(Order, Order.id == Adjustment.order_id)
    returned = returned.where(*of_year, Adjustment.kind == AdjustmentKind.UNITS_RETURNED, Adjustment.tax_id.is_(None))
    came_back = int(session.scalar(returned) or 0)
    return min(100, -(-100 * came_back // int(bought))) if bought else 0
