"""Starts the process of a return, with what its forms read and its time limits."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.core import money
from order_api.orders.links import console_address, console_address_of_return
from order_api.orders.models import Order
from order_api.progress.processes import begin_again, process_started_by, request_process
from order_api.returns.models import Return
from order_api.returns.words import OPEN
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import words_of_reason
from order_api.words.events import Event

FACTS = (
    Event.RETURN_SCANNED,
    Event.RETURN_RECEIVED,
    Event.RETURN_JUDGED,
    Event.RETURN_CANCELED,
    Event.REFUND_GRANTED,
    Event.REFUND_REFUSED,
    Event.REFUND_CANCELED,
)
"""What wakes the process."""


def start_process(session: Session, order: Order, return_: Return) -> None:
    """The person who announced the return may not approve it."""
    variables = _variables(session, order, return_)
    key = session.get_one(OrderCollection, order.collection_id).properties.return_process
    fact, asked_by = Event.RETURN_ANNOUNCED, return_.announced_by
    request_process(session, return_.subject, fact, variables, asked_by=asked_by, process_key=key)


def begin_process_again(session: Session, number: str) -> bool:
    """Starts the process of a return anew that goes on, because goods have come, although its process has ended. False
    if the return is over."""
    return_ = session.scalar(select(Return).where(Return.number == number))
    if return_ is None:
        return False
    order = session.get_one(Order, return_.order_id, with_for_update=True)
    session.refresh(return_, with_for_update=True)
    process = process_started_by(session, number, Event.RETURN_ANNOUNCED)
    if return_.state not in OPEN or process is None:
        return False
    begin_again(session, process, _variables(session, order, return_))
    return True


def _variables(session: Session, order: Order, return_: Return) -> dict[str, Any]:
    properties = session.get_one(OrderCollection, order.collection_id).properties
    reasons = dict.fromkeys(words_of_reason(properties.reasons, line.reason) for line in return_.lines)
    count = sum(row.quantity for line in return_.lines for row in line.units)
    return {
        "order_id": str(order.id),
        "order_number": order.number,
        "order_url": console_address(order.id),
        "total": money.to_text(order.grand_total, order.currency),
        "currency": order.currency,
        "collection": order.collection_key,
        "return_number": return_.number,
        "return_url": console_address_of_return(order.id, return_.number),
        "return_units": count,
        "reason_words": ", ".join(reasons),
        "asked_by": return_.announced_by,
        "return_policy_table": properties.return_policy,
        "review_time_limit": properties.review_time_limit,
    }
