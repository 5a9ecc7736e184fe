"""A person judges goods that came back. Only a verdict moves stock, where the goods are, once."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.remedies import release_units
from order_api.core import clock
from order_api.core.keys import compared
from order_api.orders import history
from order_api.orders.line_units import Units, common
from order_api.orders.models import Order, OrderItem
from order_api.orders.repository import ItemsByLine
from order_api.refunds.models import Refund
from order_api.reservations.models import StockQuality
from order_api.reservations.restock import restock, restock_as
from order_api.returns.errors import AlreadyPaid, ReturnNotFound, VerdictGiven, invalid
from order_api.returns.give_back import UNPAID
from order_api.returns.join import refunded_by_hand
from order_api.returns.models import Return, ReturnReceipt, ReturnUnits
from order_api.returns.repository import lock
from order_api.returns.units import take_apart
from order_api.returns.words import OPEN, Verdict
from order_api.words.events import Event

QUALITY: Mapping[Verdict, StockQuality] = {
    Verdict.RESELLABLE: StockQuality.SELLABLE,
    Verdict.QUARANTINE: StockQuality.QUARANTINE,
    Verdict.SCRAP: StockQuality.SCRAP,
}
"""Goods that go back to the customer are no stock."""
AFTER_QUARANTINE = (Verdict.RESELLABLE, Verdict.SCRAP)


def give_verdicts(
    session: Session, actor: Actor, number: str, receipt_id: UUID, verdicts: Sequence[Mapping[str, Any]]
) -> Return:
    """Each of the verdicts is about units of one line in this receipt that wait for one; goods in quarantine get a
    second one. Raises ReturnNotFound, ReturnInvalid, VerdictGiven and AlreadyPaid."""
    order, return_ = lock(session, actor, number, at_any_location=True)
    receipt = session.get(ReturnReceipt, receipt_id)
    is_own = receipt is not None and (actor.stores is None or receipt.location in actor.stores)
    if receipt is None or receipt.return_id != return_.id or not is_own:
        raise ReturnNotFound(f"The return {number} has no receipt {receipt_id}.")
    items = ItemsByLine(order)
    _refuse_unknown_lines(order, verdicts)
    for each in sorted(verdicts, key=lambda sent: items[sent["line_id"]].stock_key):
        item, verdict = items[each["line_id"]], Verdict(each["verdict"])
        for row in _waiting(return_, item, receipt_id, each["quantity"], verdict):
            judge_row(session, actor, return_, receipt, item, row, verdict)
        record_verdict(session, actor, order, return_, receipt_id, item, verdict, each["quantity"])
    return return_


def _refuse_unknown_lines(order: Order, verdicts: Sequence[Mapping[str, Any]]) -> None:
    known = {compared(item.line_id) for item in order.items}
    for at, each in enumerate(verdicts):
        if each["line_id"] not in known:
            raise invalid(f"verdicts.{at}.line_id", f"The order has no line {each['line_id']}.")


def _waiting(return_: Return, item: OrderItem, receipt_id: UUID, count: int, verdict: Verdict) -> list[ReturnUnits]:
    """Units without a verdict first, then those in quarantine."""
    rows = [row for line in return_.lines if line.item_id == item.id for row in line.units]
    own = [row for row in rows if row.receipt_id == receipt_id]
    pending = [row for row in own if row.verdict == Verdict.PENDING]
    if verdict in AFTER_QUARANTINE:
        pending += [row for row in own if row.verdict == Verdict.QUARANTINE]
    available = sum(row.quantity for row in pending)
    if count > available:
        raise VerdictGiven(f"Only {available} units of line {item.line_id} wait for a verdict.", waiting=available)
    chosen = []
    for row in pending:
        if count:
            chosen.append(take_apart(row, min(count, row.quantity)))
            count -= chosen[-1].quantity
    return chosen


def judge_row(
    session: Session,
    actor: Actor,
    return_: Return,
    receipt: ReturnReceipt,
    item: OrderItem,
    row: ReturnUnits,
    verdict: Verdict,
) -> None:
    """Moves the stock of these units, or sends them back. Raises AlreadyPaid."""
    if verdict == Verdict.SENT_BACK and _is_paid(session, item, row):
        raise AlreadyPaid(f"Line {item.line_id}: the money for these goods has gone back, so they stay.")
    before, row.verdict, row.verdict_by, row.verdict_at = row.verdict, verdict, actor.id, clock.now()
    if verdict == Verdict.SENT_BACK:
        row.released_at = clock.now()
        release_units(session, return_.cause, item.id, [Units.counted(*row.range)])
        return
    first, end = row.first_unit, row.first_unit + row.quantity
    key, rest = f"{receipt.id} {item.id} {first}", f"{receipt.id} {item.id} {end}"
    if before == Verdict.QUARANTINE:
        restock_as(session, key, rest, item.stock_key, QUALITY[verdict], row.quantity)
    else:
        restock(session, key, item.stock_key, receipt.location, QUALITY[verdict], row.quantity)


def _is_paid(session: Session, item: OrderItem, row: ReturnUnits) -> bool:
    """Whether a refund pays for these units: that of the return, unless it has ended unpaid, or one by hand."""
    refund = session.get(Refund, row.refund_id) if row.refund_id is not None else None
    if refund is not None and refund.state not in UNPAID:
        return True
    return bool(common([Units.counted(*row.range)], refunded_by_hand(session, item.id)))


def record_verdict(
    session: Session,
    actor: Actor,
    order: Order,
    return_: Return,
    receipt_id: UUID,
    item: OrderItem,
    verdict: Verdict,
    count: int,
) -> None:
    """The last verdict about a receipt wakes the process of the return."""
    of_receipt = [row for line in return_.lines for row in line.units if row.receipt_id == receipt_id]
    is_last = all(row.verdict != Verdict.PENDING for row in of_receipt)
    flows = [None] if is_last and return_.state in OPEN else []
    details = {"units": count, "verdict": verdict}
    event, subject = Event.RETURN_JUDGED, return_.subject
    history.record(session, order, event, actor, item_id=item.id, flows=flows, subject=subject, details=details)
