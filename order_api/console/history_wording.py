"""The history of an order in plain words: when, who, what, from, to, why."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from order_api.access.actor import ActorKind
from order_api.console import wording
from order_api.orders.models import Order, OrderEvent
from order_api.words.events import Event

DETAILS: dict[str, Callable[[Any], str]] = {
    "units": lambda units: "1 unit" if units == 1 else f"{units} units" if isinstance(units, int) else str(units),
    "verdict": wording.plain,
    "location": "at {}".format,
    "last_day": "until {}".format,
    "canceled_units": str,
    "asked_back": "asked back: {}".format,
    "score": "score {} of 100".format,
    "queue": wording.step,
    "decision": wording.plain,
    "refused": str,
    "notice": wording.plain,
    "carrier": wording.carrier,
    "tracking_number": str,
    "answer": str,
    "reference": "reference {}".format,
    "refund": "refund {}".format,
    "note": str,
}


@dataclass(frozen=True)
class HistoryLine:
    """One event. `about` is the item or the refund that it concerns, `details` are short phrases."""

    at: datetime
    who: str
    what: str
    about: str | None
    details: list[str]
    before: str | None
    after: str | None
    why: str | None


def history_lines(events: Iterable[OrderEvent], order: Order) -> list[HistoryLine]:
    """The latest first."""
    names = {item.id: item.name for item in order.items}
    return [_line(event, names, order.currency) for event in reversed(list(events))]


def _line(event: OrderEvent, names: dict[UUID, str], currency: str) -> HistoryLine:
    about = names.get(event.item_id) if event.item_id else event.details.get("about")
    details = list(_details(event, currency))
    return HistoryLine(
        event.at, _who(event), event.event.sentence, about, details, event.before, event.after, _why(event)
    )


def _who(event: OrderEvent) -> str:
    if event.actor_kind == ActorKind.SYSTEM:
        return f"Service, {wording.plain(event.actor_id).lower()}"
    return f"{event.actor_id} ({event.actor_kind})"


def _details(event: OrderEvent, currency: str) -> Iterator[str]:
    yield from _amounts(event.details, currency)
    for name, in_words in DETAILS.items():
        if name in event.details:
            yield in_words(event.details[name])


def _amounts(details: Mapping[str, Any], currency: str) -> Iterator[str]:
    amount, paid_back = details.get("amount"), details.get("paid_back")
    if isinstance(amount, int):
        yield wording.with_currency(amount, currency) + (" off the bill" if paid_back is not None else "")
    if isinstance(paid_back, int):
        yield f"{wording.with_currency(paid_back, currency)} to the customer"


def _why(event: OrderEvent) -> str | None:
    if event.reason is None:
        return None
    return wording.step(event.reason) if event.event == Event.ORDER_OVERDUE else wording.reason(event.reason)
