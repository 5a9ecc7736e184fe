"""The history of an order in plain words: when, who, what, from, to, why."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from order_api.access.actor import ActorKind
from order_api.console import words
from order_api.orders.models import Order, OrderEvent

SENTENCES = {
    "order.placed": "Order placed",
    "order.status_changed": "Order status",
    "order.frozen": "Order frozen: it can be edited no more",
    "order.cancel_requested": "Cancellation asked for",
    "order.given_up": "Order given up by the process",
    "order.overdue": "Waits longer than it should",
    "order.overdue_ended": "Waits no longer than it should",
    "item.status_changed": "Item status",
    "item.reserved": "Stock reserved",
    "item.backordered": "Out of stock, back-ordered",
    "item.reservation_refused": "Stock refused",
    "item.reservation_released": "Stock released",
    "item.stock_taken": "Stock taken off the shelf",
    "item.sent_to_fulfillment": "Sent to the warehouse",
    "item.recall_canceled": "Called back from the warehouse",
    "item.recall_too_late": "Too late to call back, it has left",
    "item.unable_to_ship": "Cannot be shipped",
    "item.shipped": "Shipped",
    "item.delivered": "Delivered",
    "item.canceled": "Item canceled",
    "payment.authorized": "Payment authorized",
    "payment.captured": "Payment captured",
    "payment.voided": "Payment voided",
    "payment.authorize_declined": "Authorization declined",
    "payment.capture_declined": "Capture declined",
    "payment.void_declined": "Void declined",
    "payment.authorize_lost": "Authorization never arrived",
    "payment.capture_lost": "Capture never arrived",
    "payment.void_lost": "Void never arrived",
    "payment.method_replaced": "New means of payment",
    "fraud.screened": "Screened for fraud",
    "notice.written": "Customer told by e-mail",
    "notice.not_sent": "Customer not told",
    "note.added": "Note added",
    "decision.taken": "Decision taken",
    "decision.refused": "Decision refused: the order is of a collection that is not theirs",
}
DETAILS: dict[str, Callable[[Any], str]] = {
    "units": lambda units: "1 unit" if units == 1 else f"{units} units",
    "score": "score {} of 100".format,
    "queue": words.step,
    "decision": words.plain,
    "notice": words.plain,
    "carrier": words.carrier,
    "tracking_number": str,
    "answer": str,
    "note": str,
}


@dataclass(frozen=True)
class Told:
    """One event. `about` is the item it concerns, `details` are short phrases."""

    at: datetime
    who: str
    what: str
    about: str | None
    details: list[str]
    before: str | None
    after: str | None
    why: str | None


def tell(events: Iterable[OrderEvent], order: Order) -> list[Told]:
    """The latest first."""
    names = {item.id: item.name for item in order.items}
    return [_told(event, names, order.currency) for event in reversed(list(events))]


def _told(event: OrderEvent, names: dict[UUID, str], currency: str) -> Told:
    what = SENTENCES.get(event.event) or words.plain(event.event.replace(".", "_"))
    about = names.get(event.item_id) if event.item_id else None
    details = list(_details(event, currency))
    return Told(event.at, _who(event), what, about, details, event.before, event.after, _why(event))


def _who(event: OrderEvent) -> str:
    if event.actor_kind == ActorKind.SYSTEM:
        return f"Service, {words.plain(event.actor_id).lower()}"
    return f"{event.actor_id} ({event.actor_kind})"


def _details(event: OrderEvent, currency: str) -> Iterator[str]:
    if isinstance(minor := event.details.get("amount"), int):
        yield f"{words.amount(minor, currency)} {currency}"
    for name, tell_detail in DETAILS.items():
        if name in event.details:
            yield tell_detail(event.details[name])


def _why(event: OrderEvent) -> str | None:
    if event.reason is None:
        return None
    return words.step(event.reason) if event.event == "order.overdue" else words.reason(event.reason)
