"""Starts the process of a return, with what its forms read and its time limits."""

from typing import Any

from sqlalchemy.orm import Session

from order_api.core import money
from order_api.orders.links import console_address, console_address_of_return
from order_api.orders.models import Order
from order_api.progress.processes import begin_again, process_started_by, request_process
from order_api.returns.models import Return
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


def begin_process_again(session: Session, order: Order, return_: Return) -> None:
    """Goods have come after the process had ended."""
    process = process_started_by(session, return_.number, Event.RETURN_ANNOUNCED)
    if process is not None:
        begin_again(session, process, _variables(session, order, return_))


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
