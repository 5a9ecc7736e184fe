"""The units of a return, as ranges that are split when only some of their units go on."""

from sqlalchemy.orm import Session

from order_api.bill.remedies import release_units
from order_api.core import clock
from order_api.orders.line_units import Units
from order_api.returns.models import Return, ReturnLine, ReturnUnits
from order_api.returns.policy import PolicyAnswer


def take_apart(row: ReturnUnits, count: int) -> ReturnUnits:
    """The first `count` units of the range as a row; the rest becomes a row of its own. The order is locked."""
    if count == row.quantity:
        return row
    if not 0 < count < row.quantity:
        raise ValueError(f"{count} units of {row.quantity} cannot be taken apart.")
    rest = ReturnUnits(first_unit=row.first_unit + count, quantity=row.quantity - count)
    rest.receipt_id, rest.verdict, rest.refund_id = row.receipt_id, row.verdict, row.refund_id
    rest.verdict_by, rest.verdict_at = row.verdict_by, row.verdict_at
    rest.released_at, rest.given_up_at = row.released_at, row.given_up_at
    row.quantity = count
    row.line.units.append(rest)
    return row


def is_to_come(row: ReturnUnits) -> bool:
    """Whether the return waits for these goods."""
    is_kept = row.line.policy is not None and PolicyAnswer.from_json(row.line.policy).goods_kept
    return row.is_expected and row.given_up_at is None and not is_kept


def release_expected(session: Session, return_: Return, line: ReturnLine) -> None:
    """Frees the units of the line that have not come and are not paid for. The order is locked."""
    for row in line.units:
        if row.is_expected and row.refund_id is None:
            row.released_at = clock.now()
            release_units(session, return_.cause, line.item_id, [Units.counted(*row.range)])
