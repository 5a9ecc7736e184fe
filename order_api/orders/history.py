"""The history of an order: who changed what, when, from, to and why. Rows are numbered per order and never change."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, paging
from order_api.core.paging import CursorInvalid, Page
from order_api.orders.models import Order, OrderEvent
from order_api.outbox import wake_ups
from order_api.outbox.subjects import Flow, Subject
from order_api.words.events import Event

MAX_SEQUENCE = 2**63 - 1


def record(  # noqa: PLR0913 - the parts of a history row, all but the first four by name
    session: Session,
    order: Order,
    event: Event,
    actor: Actor,
    *,
    item_id: UUID | None = None,
    before: str | None = None,
    after: str | None = None,
    reason: str | None = None,
    flows: Iterable[Flow] | None = None,
    subject: Subject | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Records a fact: adds a history row, raises the version (once per transaction), and writes the messages that wake
    waiting flows.

    The caller has locked the order row, which counts the history rows. `flows` lists the flows to wake, by default
    `[item_id]`; an empty list wakes none. `subject` is what the fact is about, by default the order. For another
    subject, such as a return, `details["about"]` has its number.
    """
    order.history_length += 1
    _raise_version(session, order)
    order.updated_at = clock.now()
    row = OrderEvent(order_id=order.id, sequence=order.history_length, at=order.updated_at, event=event)
    row.actor_kind, row.actor_id, row.item_id = actor.kind, actor.id, item_id
    row.before, row.after, row.reason = before, after, reason
    row.details = _plain(details or {})
    session.add(row)
    waiting = [item_id] if flows is None else flows
    if subject is None or subject.is_order:
        # Once the undo of the order has begun, the flows of its items have ended.
        own = [flow for flow in waiting if not isinstance(flow, UUID) or order.undo_began_at is None]
        wake_ups.wake(session, order.number, event, own)
    else:
        row.details |= {"about": subject.number}
        wake_ups.wake(session, subject.number, event, waiting, subject.kind)


def _raise_version(session: Session, order: Order) -> None:
    """Once per transaction: an act is one step, however many facts it records."""
    raised: set[UUID] = session.info.setdefault("raised_versions", set())
    if order.id not in raised:
        order.version += 1
        raised.add(order.id)


def _plain(details: Mapping[str, object]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | bool) else str(value) for name, value in details.items()}


def is_recorded(session: Session, order_id: UUID, event: Event, details: Mapping[str, object]) -> bool:
    """Whether the order's history has this event with these details."""
    query = select(OrderEvent.id).where(OrderEvent.order_id == order_id, OrderEvent.event == event)
    return session.scalar(query.where(OrderEvent.details.contains(_plain(details))).limit(1)) is not None


def page_of(session: Session, order_id: UUID, parameters: dict[str, Any]) -> Page:
    """A page, oldest first. Rows never change and are numbered under the order's lock, so pages have no gaps."""
    query = select(OrderEvent).where(OrderEvent.order_id == order_id).order_by(OrderEvent.sequence)
    if "cursor" in parameters:
        query = query.where(OrderEvent.sequence > _seen(parameters["cursor"]))
    rows = list(session.scalars(query.limit(parameters["limit"] + 1)))
    return paging.cut(rows, parameters["limit"], lambda last: (last.sequence,))


def _seen(cursor: str) -> int:
    [sequence] = paging.decode(cursor, 1)
    if type(sequence) is not int or not 0 <= sequence <= MAX_SEQUENCE:
        raise CursorInvalid("Send the next_cursor of the page before, unchanged.", errors=[{"field": "cursor"}])
    return sequence


def latest(session: Session, order_id: UUID, count: int) -> list[OrderEvent]:
    """The last `count` rows, oldest first."""
    query = select(OrderEvent).where(OrderEvent.order_id == order_id).order_by(OrderEvent.sequence.desc())
    return list(session.scalars(query.limit(count)))[::-1]
