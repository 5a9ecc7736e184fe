"""Writes messages to other systems, in the transaction of the fact itself (J1)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from order_api.core import clock
from order_api.outbox import lanes
from order_api.outbox.models import OUTBOX, UNSENT, OutboxRow, RowKind, RowState
from order_api.outbox.subjects import Flow, ids_of

NOTIFY_RELAY = text("NOTIFY outbox")


def request_start(session: Session, business_key: str, process: str, variables: dict[str, Any]) -> None:
    """Makes the relay start a process of the subject; all other rows of the subject wait for this one."""
    _add(session, lanes.ENGINE, RowKind.START, process, business_key, variables, process=process)


def request_wake_up(session: Session, business_key: str, process: str, message: str, flow: Flow = None) -> None:
    """Makes the relay wake the flow that waits for the message: the process's own, an item's or a parcel's."""
    item_id, payload = _address(flow)
    _add(session, lanes.ENGINE, RowKind.MESSAGE, message, business_key, payload, process=process, item_id=item_id)


def request_mail(session: Session, business_key: str, notice: str, notification_id: UUID) -> None:
    _add(session, lanes.MAIL, RowKind.MAIL, notice, business_key, {"notification_id": str(notification_id)})


def request_work(session: Session, lane: str, kind: RowKind, business_key: str, **payload: UUID | str) -> None:
    """Makes the relay do work of our own after this transaction; the sender of this `kind` reads the payload."""
    _add(session, lane, kind, kind, business_key, {name: str(value) for name, value in payload.items()})


def _add(
    session: Session, lane: str, kind: RowKind, name: str, business_key: str, payload: dict[str, Any], **more: Any
) -> None:
    row = OutboxRow(lane=lane, kind=kind, name=name, business_key=business_key, payload=payload, **more)
    now = clock.now()
    row.created_at, row.due_at, row.give_up_at = now, now, now + lanes.lane_of(lane).give_up_after
    row.request_id = get_contextvars().get("request_id")
    session.add(row)
    session.execute(NOTIFY_RELAY)


def is_message_pending(session: Session, business_key: str, message: str, flow: Flow = None) -> bool:
    """Whether a message to the flow is still to be delivered."""
    pending = select(OUTBOX.c.id).where(OUTBOX.c.business_key == business_key, OUTBOX.c.state == RowState.PENDING)
    return session.execute(pending.where(OUTBOX.c.name == message, *_to(flow))).first() is not None


def drop_wake_ups(session: Session, business_key: str, messages: Sequence[str], flow: Flow = None) -> None:
    """Drops the wake-ups for a fact that a story has read (J3).

    Call it in the transaction that read the fact, with the order row locked. A later fact then writes its wake-up after
    this call, so this call cannot drop it.
    """
    _drop(session, business_key, OUTBOX.c.name.in_(messages), *_to(flow))


def _to(flow: Flow) -> tuple[ColumnElement[bool], ...]:
    """Selects the messages to this flow."""
    item_id, payload = _address(flow)
    return OUTBOX.c.item_id.is_not_distinct_from(item_id), OUTBOX.c.payload == payload


def _address(flow: Flow) -> tuple[UUID | None, dict[str, str]]:
    """The item and the payload of a message to this flow."""
    item_id, shipment_id = ids_of(flow)
    return item_id, {} if shipment_id is None else {"shipment_id": str(shipment_id)}


def drop_wake_ups_of_items(session: Session, business_key: str) -> None:
    """Drops the wake-ups for the flows of the order's items, which have ended."""
    _drop(session, business_key, OUTBOX.c.item_id.is_not(None))


def _drop(session: Session, business_key: str, *which: ColumnElement[bool]) -> None:
    session.flush()
    session.execute(
        update(OUTBOX)
        .where(
            OUTBOX.c.state.in_(UNSENT), OUTBOX.c.kind == RowKind.MESSAGE, OUTBOX.c.business_key == business_key, *which
        )
        .values(state=RowState.DROPPED, last_error="No flow needs this message any more.", closed_at=clock.now())
    )
