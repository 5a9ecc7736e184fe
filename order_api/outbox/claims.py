"""The relay's queries: claim rows under a lease, renew leases, and write down the results of sending."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Integer,
    Text,
    and_,
    any_,
    bindparam,
    case,
    column,
    func,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.outbox.announce import NOTIFY_RELAY
from order_api.outbox.lanes import ENGINE, lane_of
from order_api.outbox.models import OUTBOX, UNSENT, OutboxRow, RowKind, RowState

LEASE = timedelta(seconds=30)
"""Longer than the engine's request timeout, and renewed while a row is being sent, so only one relay sends it."""


def lanes_in_use(session: Session) -> list[str]:
    """The lanes with waiting rows, including the lanes that each belong to one receiver.

    Steps through the index from lane to lane, so a long queue in one lane costs nothing.
    """
    return list(session.scalars(_LANES_IN_USE))


_LANES_IN_USE = text("""
    WITH RECURSIVE used AS (
        (SELECT lane FROM outbox WHERE state = 'pending' ORDER BY lane LIMIT 1)
        UNION ALL
        SELECT (SELECT lane FROM outbox WHERE state = 'pending' AND lane > used.lane ORDER BY lane LIMIT 1)
        FROM used WHERE used.lane IS NOT NULL
    ) SELECT lane FROM used WHERE lane IS NOT NULL""")


def claim(session: Session, room: Mapping[str, int], held: Collection[int] = ()) -> list[OutboxRow]:
    """Claims up to `room[lane]` due rows per lane, longest due first; skips leased rows.

    Also skips rows in `held`, which this relay is still sending even if an operator cleared the lease. A start precedes
    all other rows of its subject; within a lane, rows go in order per (subject, item). A row that pauses before its
    next try blocks no other row. A row being sent stays due until its result is written down, so several relays also
    keep the order.
    """
    now = clock.now()
    lanes = {"lanes": list(room), "room": list(room.values())}
    rows = session.connection().execute(_claim(), {"now": now, "lease_end": now + LEASE, "held": list(held), **lanes})
    return sorted((OutboxRow(**row._mapping) for row in rows), key=lambda row: row.id)  # noqa: SLF001 - its public name


@cache
def _claim() -> Any:
    """Built once, because a busy relay claims dozens of times a second."""
    first = select(_first_of_each_lane().cte("first_of_each_lane").c.id)
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(first))
        .values(claimed_until=bindparam("lease_end"), attempts=OUTBOX.c.attempts + 1)
        .returning(*OUTBOX.c)
    )


def _first_of_each_lane() -> Any:
    lanes = (
        func.unnest(bindparam("lanes", type_=ARRAY(Text())), bindparam("room", type_=ARRAY(Integer())))
        .table_valued(column("name", Text()), column("room", Integer()))
        .render_derived("lane")
    )
    now: Any = bindparam("now", type_=DateTime(timezone=True))
    row, earlier = OUTBOX.alias().c, OUTBOX.alias().c
    of_the_same = and_(earlier.lane == row.lane, earlier.item_id.is_not_distinct_from(row.item_id))
    blocked = (
        select(1)
        .where(earlier.business_key == row.business_key, earlier.id < row.id, earlier.state == RowState.PENDING)
        .where(or_(earlier.kind == RowKind.START, and_(of_the_same, earlier.due_at <= now)))
        .exists()
    )
    free = or_(row.claimed_until.is_(None), row.claimed_until <= now)
    ours = row.id == any_(bindparam("held", type_=ARRAY(BigInteger)))
    first = (
        select(row.id)
        .where(row.state == RowState.PENDING, row.lane == lanes.c.name, row.due_at <= now, free, ~ours, ~blocked)
        .order_by(row.due_at, row.id)
        .limit(lanes.c.room)
        .with_for_update(skip_locked=True, of=row.id)
        .lateral("first")
    )
    return select(first.c.id).select_from(lanes).join(first, true())


@dataclass(frozen=True)
class SendResult:
    """The result of sending a row; `state` PENDING means another try after a pause."""

    row: OutboxRow
    state: RowState
    reason: str | None = None
    max_pause: float | None = None

    @classmethod
    def delivered(cls, row: OutboxRow) -> "SendResult":
        return cls(row, RowState.DELIVERED)

    @classmethod
    def dropped(cls, row: OutboxRow, reason: str) -> "SendResult":
        return cls(row, RowState.DROPPED, _storable(reason))

    @classmethod
    def given_up(cls, row: OutboxRow, reason: str) -> "SendResult":
        """Operators see the row as stuck and may have it sent again."""
        return cls(row, RowState.GIVEN_UP, _storable(reason))

    @classmethod
    def later(cls, row: OutboxRow, reason: str, max_pause: float | None = None) -> "SendResult":
        """Retries after the lane's pause, or after `max_pause` seconds if that is sooner.

        Gives the row up instead once its `give_up_at` has passed.
        """
        state = RowState.GIVEN_UP if row.give_up_at <= clock.now() else RowState.PENDING
        return cls(row, state, _storable(reason), max_pause)

    @classmethod
    def given_back(cls, row: OutboxRow) -> "SendResult":
        """Returns an unsent row when the relay stops, due at once for another relay."""
        return cls(row, RowState.PENDING, "The relay stopped.", max_pause=0)

    @property
    def pause(self) -> timedelta:
        pauses = lane_of(self.row.lane).pauses
        seconds = pauses[min(self.row.attempts - 1, len(pauses) - 1)]
        return timedelta(seconds=seconds if self.max_pause is None else min(self.max_pause, seconds))


def _storable(reason: str) -> str:
    """Removes NUL and lone surrogates, which PostgreSQL refuses: one such reason would block all results."""
    return reason[:500].encode("utf-8", "replace").decode().replace("\x00", "")


def record_results(session: Session, results: Sequence[SendResult]) -> list[SendResult]:
    """Returns the results that are done. Pass the others again: another transaction has locked their rows.

    Does not touch a row that is closed, deleted, or leased by another relay because our lease ran out. A row that was
    made due again while it was being sent gets no pause.
    """
    if not results:
        return []
    now, free = clock.now(), set(session.scalars(_FREE, {"ids": [result.row.id for result in results]}))
    if writable := [_values(result, now) for result in results if result.row.id in free]:
        session.connection().execute(_RECORD, writable)
    return [result for result in results if result.row.id in free or not _is_leased(result.row, now)]


def _is_leased(row: OutboxRow, now: datetime) -> bool:
    return row.claimed_until is not None and row.claimed_until > now


def _values(result: SendResult, now: datetime) -> dict[str, Any]:
    return {
        "row": result.row.id,
        "lease": result.row.claimed_until,
        "was_due": result.row.due_at,
        "next_due": now + result.pause,
        "to": result.state,
        "reason": result.reason,
        "closed": None if result.state == RowState.PENDING else now,
    }


_FREE = (
    select(OUTBOX.c.id)
    .where(OUTBOX.c.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    .with_for_update(skip_locked=True)
)
_RECORD = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row"), OUTBOX.c.state == RowState.PENDING)
    .where(OUTBOX.c.claimed_until == bindparam("lease"))
    .values(
        state=bindparam("to"),
        last_error=bindparam("reason"),
        closed_at=bindparam("closed"),
        claimed_until=None,
        due_at=case((OUTBOX.c.due_at == bindparam("was_due"), bindparam("next_due")), else_=OUTBOX.c.due_at),
    )
)


def renew_leases(session: Session, rows: Sequence[OutboxRow]) -> dict[int, datetime]:
    """Renews the leases of rows that take long to send, so other relays do not send them too.

    Returns the new lease ends by row id; they count once the transaction has committed.
    """
    now = clock.now()
    aging = [row for row in rows if row.claimed_until is not None and row.claimed_until - now < LEASE * 2 / 3]
    return {row.id: now + LEASE for row in aging if _renew(session, row, now + LEASE)}


def _renew(session: Session, row: OutboxRow, lease_end: datetime) -> bool:
    renewed = session.connection().execute(_RENEW, {"row": row.id, "lease": row.claimed_until, "lease_end": lease_end})
    return bool(renewed.rowcount)


_OURS = select(OUTBOX.c.id).where(OUTBOX.c.id == bindparam("row"), OUTBOX.c.claimed_until == bindparam("lease"))
_RENEW = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(_OURS.with_for_update(skip_locked=True).scalar_subquery()))
    .values(claimed_until=bindparam("lease_end"))
)


def make_messages_due(session: Session, business_key: str, item_id: UUID | None) -> None:
    """Makes already tried messages of this subject or item due at once: after a task, the flow may be ready for them.

    Also revives given-up rows, with a new time limit.
    """
    now = clock.now()
    parameters = {"key": business_key, "item": item_id, "now": now, "give_up_at": now + lane_of(ENGINE).give_up_after}
    if session.connection().execute(_MAKE_DUE, parameters).rowcount:
        session.execute(NOTIFY_RELAY)


_MAKE_DUE = (
    update(OUTBOX)
    .where(OUTBOX.c.business_key == bindparam("key"), OUTBOX.c.item_id.is_not_distinct_from(bindparam("item")))
    .where(OUTBOX.c.state.in_(UNSENT), OUTBOX.c.kind == RowKind.MESSAGE, OUTBOX.c.attempts > 0)
    .values(due_at=bindparam("now"), state=RowState.PENDING, give_up_at=bindparam("give_up_at"), closed_at=None)
)
