"""Takes something off the bill that has departed: one adjustment per stored range, and its worth is lowered by it.

Fees, which keep a part of that, are adjustments of their lines.
"""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from order_api.bill.departed import DepartedGoods
from order_api.bill.models import Adjustment, AdjustmentKind, KeptWorth
from order_api.core import clock
from order_api.orders.fates import Cause
from order_api.orders.models import Order
from order_api.proof.fees import FeeOfLine, TakenFee
from order_api.proof.give_up import Taken

KEPT = cast(Table, KeptWorth.__table__)
LOWER = update(KEPT).where(KEPT.c.id == bindparam("row_id")).values(remaining=KEPT.c.remaining - bindparam("taken"))


def take(
    session: Session, order: Order, cause: Cause, kind: AdjustmentKind, goods: DepartedGoods, taken: Sequence[Taken]
) -> None:
    """The order is locked, and `taken` was reckoned from `goods` under this lock. The database refuses to take more
    than remains."""
    if not taken:
        return
    _book(session, order, cause, kind, [row for part in taken for row in _adjustments(goods, part)])
    session.connection().execute(LOWER, [row for part in taken for row in _lowered(goods, part)])


def charge_fees(session: Session, order: Order, cause: Cause, fees: Sequence[TakenFee]) -> None:
    """The order is locked, and the fees were reckoned under this lock."""
    rows = [row for fee in fees for part in fee.of_lines for row in _of_fee(fee.fee.type, part)]
    if rows:
        _book(session, order, cause, AdjustmentKind.FEE, rows)


def _book(session: Session, order: Order, cause: Cause, kind: AdjustmentKind, rows: Sequence[dict[str, Any]]) -> None:
    of_act = {"order_id": order.id, "cause_kind": cause.kind, "cause_id": cause.id, "kind": kind}
    of_act |= {"is_before_departure": False, "at": clock.now()}
    session.execute(insert(Adjustment).execution_options(render_nulls=True), [of_act | row for row in rows])


def _of_fee(fee_type: str, part: FeeOfLine) -> Iterator[dict[str, Any]]:
    """The gross, then the taxes of the line within it."""
    of_line = {"item_id": part.item_id, "fee_type": fee_type}
    yield of_line | {"tax_id": None, "amount": part.parts.gross, "own_tax": part.own_tax or None}
    for tax_id, amount in part.parts.taxes.items():
        yield of_line | {"tax_id": tax_id, "amount": amount, "own_tax": None}


def _adjustments(goods: DepartedGoods, part: Taken) -> Iterator[dict[str, Any]]:
    """The gross, then the taxes within it."""
    source = goods.rows[part.of.id][0]
    first, quantity = part.units or (None, None)
    of_range = {"item_id": source.item_id, "charge_id": source.charge_id, "first_unit": first, "quantity": quantity}
    yield {**of_range, "tax_id": None, "amount": -part.parts.gross}
    for tax_id, amount in part.parts.taxes.items():
        yield {**of_range, "tax_id": tax_id, "amount": -amount}


def _lowered(goods: DepartedGoods, part: Taken) -> Iterator[dict[str, int]]:
    for row in goods.rows[part.of.id]:
        yield {"row_id": row.id, "taken": part.parts.taxes.get(row.tax_id, 0) if row.tax_id else part.parts.gross}
