"""Goods of a return arrive. What arrived counts, not what was announced; it waits for its verdict. Moves no money."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.database import same_key
from order_api.core.keys import compared
from order_api.orders import history
from order_api.orders.line_units import Units, count_of
from order_api.orders.models import Order, OrderItem
from order_api.orders.repository import ItemsByLine
from order_api.orders.units import return_units, waits_for_arrival
from order_api.returns.errors import ReceiptDiffers
from order_api.returns.family import Sent, item_called, shares_of_parcel
from order_api.returns.join import join
from order_api.returns.location import location_of
from order_api.returns.models import Return, ReturnLine, ReturnReceipt, ReturnUnits
from order_api.returns.repository import lock, open_returns
from order_api.returns.units import take_apart
from order_api.returns.words import OPEN, ReturnState, Verdict
from order_api.words.events import Event


@dataclass(frozen=True)
class Received:
    """`others` are receipts of the same parcel for other returns of the order. `unknown` are goods of it that no unit
    of the order accounts for, as they were sent."""

    return_: Return
    receipt: ReturnReceipt
    others: Sequence[ReturnReceipt]
    unknown: Sequence[Sent]


def receive_return(session: Session, actor: Actor, number: str, body: dict[str, Any]) -> Received:
    """Any location may receive. Repeating is safe: a sender's reference counts once per order, whichever of its returns
    is named. Raises ReceiptDiffers.

    Units that other returns of the order expect are received for these. More units of the order than were announced
    join the return. Units that a canceled or expired return has released join it again.
    """
    order, return_ = lock(session, actor, number, at_any_location=True)
    body = {**body, "location": location_of(session, actor, order, body.get("location"))}
    content = {name: body.get(name) for name in ("items", "unexpected", "location")}
    receipts = _earlier(session, order, actor, body["reference"])
    own = next((receipt for receipt in receipts if receipt.content == content), None)
    if own is None and receipts:
        raise ReceiptDiffers(f"{body['reference']} was sent before with other goods.")
    if own is None:
        others = open_returns(session, order, but=return_)
        shares = shares_of_parcel(order, return_, others, body["items"])
        contents = [content, *({**content, "items": items} for _, items in shares[1:])]
        receipts = [
            _book(session, actor, order, _receipt(actor, each, body, booked), each, items)
            for (each, items), booked in zip(shares, contents, strict=True)
        ]
        own = receipts[0]
        session.flush()
        own.unknown = _in_words(list(_unknown(session, own, receipts)), body.get("unexpected"))
        if own.unknown and return_.state not in OPEN:
            return_.state, return_.ended_at = ReturnState.RECEIVED, None
    session.flush()
    others_of_parcel = [receipt for receipt in receipts if receipt is not own]
    return Received(return_, own, others_of_parcel, list(_unknown(session, own, receipts)))


def _in_words(unknown: Sequence[Sent], unexpected: str | None) -> str | None:
    counts = [f"{each['quantity']} more of line {each['line_id']}" for each in unknown]
    return "; ".join([*counts, *([unexpected] if unexpected else [])]) or None


def _receipt(actor: Actor, return_: Return, body: dict[str, Any], content: dict[str, Any]) -> ReturnReceipt:
    receipt = ReturnReceipt(id=uuid4(), return_id=return_.id, reference=body["reference"], content=content)
    receipt.location, receipt.received_by = body["location"], actor.whole_name
    receipt.received_at = clock.now()
    return receipt


def _book(
    session: Session, actor: Actor, order: Order, receipt: ReturnReceipt, return_: Return, items: Sequence[Sent]
) -> ReturnReceipt:
    session.add(receipt)
    session.flush()
    arrived = _arrive(session, order, return_, receipt, items)
    _come_back(session, actor, order, return_, arrived)
    if arrived:
        return_.state, return_.ended_at = ReturnState.RECEIVED, None
    session.flush()
    _record(session, actor, order, return_, receipt, arrived)
    return receipt


def _earlier(session: Session, order: Order, actor: Actor, reference: str) -> list[ReturnReceipt]:
    """The receipts of a parcel for each return of the order."""
    of_order = select(ReturnReceipt).join(Return).where(Return.order_id == order.id).order_by(Return.position)
    same = ReturnReceipt.received_by == actor.whole_name, same_key(ReturnReceipt.reference, reference)
    return list(session.scalars(of_order.where(*same)))


Arrived = dict[OrderItem, list[Units]]


def _arrive(session: Session, order: Order, return_: Return, receipt: ReturnReceipt, sent: Sequence[Sent]) -> Arrived:
    """Assigns what was sent to units of the return: first expected ones, then any that may join."""
    arrived: Arrived = defaultdict(list)
    items = ItemsByLine(order)
    for each in sent:
        item = item_called(items, each["line_id"])
        if item is None:
            continue
        left = each["quantity"]
        for row in _expected(return_, item):
            part = take_apart(row, min(left, row.quantity))
            _mark(part, receipt)
            arrived[item].append(Units.counted(part.first_unit, part.quantity))
            left -= part.quantity
            if not left:
                break
        if joined := join(session, order, return_, receipt, item, left) if left else []:
            arrived[item] += joined
    return arrived


def _come_back(session: Session, actor: Actor, order: Order, return_: Return, arrived: Arrived) -> None:
    """Gives the units their fate, and wakes the flows that wait for them to reach the customer."""
    for item in return_units(session, order, return_.cause, {item.id: own for item, own in arrived.items()}):
        flows = [item.id] if waits_for_arrival(order, item) else []
        details = {"units": count_of(arrived[item]), "return": return_.number}
        history.record(session, order, Event.ITEM_RETURNED, actor, item_id=item.id, flows=flows, details=details)


def _expected(return_: Return, item: OrderItem) -> list[ReturnUnits]:
    rows = [row for line in return_.lines if line.item_id == item.id for row in line.units]
    return [row for row in rows if row.is_expected]


def _mark(row: ReturnUnits, receipt: ReturnReceipt) -> None:
    row.receipt_id, row.verdict = receipt.id, Verdict.PENDING


def _unknown(session: Session, own: ReturnReceipt, receipts: Sequence[ReturnReceipt]) -> Iterator[Sent]:
    """What was sent and is no unit of a return."""
    units = select(OrderItem.line_id, func.sum(ReturnUnits.quantity)).join(
        ReturnLine, ReturnLine.item_id == OrderItem.id
    )
    units = units.join(ReturnUnits, ReturnUnits.line_id == ReturnLine.id)
    units = units.where(ReturnUnits.receipt_id.in_([receipt.id for receipt in receipts])).group_by(OrderItem.line_id)
    known = Counter({compared(line_id): int(count) for line_id, count in session.execute(units)})
    for each in own.content["items"]:
        taken = min(each["quantity"], known[each["line_id"]])
        known[each["line_id"]] -= taken
        if each["quantity"] > taken:
            yield {**each, "quantity": each["quantity"] - taken}


def _record(
    session: Session, actor: Actor, order: Order, return_: Return, receipt: ReturnReceipt, arrived: Arrived
) -> None:
    counts = {item.line_id: sum(units.count for units in own) for item, own in arrived.items()}
    units = ", ".join(f"{count} of line {line_id}" for line_id, count in counts.items())
    details = {"units": units, "location": receipt.location, "reference": receipt.reference}
    history.record(session, order, Event.RETURN_RECEIVED, actor, subject=return_.subject, details=details)
