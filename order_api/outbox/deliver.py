"""The relay's side: claim rows under a lease, send them outside any transaction, write down what came of it."""

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
from order_api.outbox.announce import WAKE_UP
from order_api.outbox.lanes import ENGINE, lane_of
from order_api.outbox.models import OUTBOX, UNSENT, Kind, OutboxRow, State

LEASE = timedelta(seconds=30)
"""Longer than the engine's request timeout, and renewed while a row is being sent: no row is in two hands."""


def lanes_in_use(session: Session) -> list[str]:
    """The lanes in which rows wait, also those of which there is one per receiver.

    Steps through the index from lane to lane, so that a long queue in one of them costs nothing.
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
    """Claims up to `room[lane]` due rows per lane, the longest due first; skips leased rows.

    Skips also those in `held`, which we are still sending even if an operator cleared the lease. A start precedes
    everything of its subject; otherwise the rows of one lane go in order per (subject, item). A row that waits for its
    next try blocks no other. A row being sent stays due until its answer is written down, so several relays keep the
    order too.
    """
    now = clock.now()
    lanes = {"lanes": list(room), "most": list(room.values())}
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
    given = (
        func.unnest(bindparam("lanes", type_=ARRAY(Text())), bindparam("most", type_=ARRAY(Integer())))
        .table_valued(column("name", Text()), column("most", Integer()))
        .render_derived("lane")
    )
    now: Any = bindparam("now", type_=DateTime(timezone=True))
    row, earlier = OUTBOX.alias().c, OUTBOX.alias().c
    of_the_same = and_(earlier.lane == row.lane, earlier.item_id.is_not_distinct_from(row.item_id))
    blocked = (
        select(1)
        .where(earlier.subject == row.subject, earlier.id < row.id, earlier.state == State.PENDING)
        .where(or_(earlier.kind == Kind.START, and_(of_the_same, earlier.due_at <= now)))
        .exists()
    )
    free = or_(row.claimed_until.is_(None), row.claimed_until <= now)
    ours = row.id == any_(bindparam("held", type_=ARRAY(BigInteger)))
    first = (
        select(row.id)
        .where(row.state == State.PENDING, row.lane == given.c.name, row.due_at <= now, free, ~ours, ~blocked)
        .order_by(row.due_at, row.id)
        .limit(given.c.most)
        .with_for_update(skip_locked=True, of=row.id)
        .lateral("first")
    )
    return select(first.c.id).select_from(given).join(first, true())


@dataclass(frozen=True)
class Answer:
    """What came of sending a row; `state` PENDING means that it is tried again after a pause."""

    row: OutboxRow
    state: State
    reason: str | None = None
    longest_pause: float | None = None

    @property
    def pause(self) -> timedelta:
        pauses = lane_of(self.row.lane).pauses
        seconds = pauses[min(self.row.attempts - 1, len(pauses) - 1)]
        return timedelta(seconds=seconds if self.longest_pause is None else min(self.longest_pause, seconds))


def delivered(row: OutboxRow) -> Answer:
    return Answer(row, State.DELIVERED)


def dropped(row: OutboxRow, reason: str) -> Answer:
    return Answer(row, State.DROPPED, _storable(reason))


def later(row: OutboxRow, reason: str, longest_pause: float | None = None) -> Answer:
    """Tried again after the lane's pause, or after `longest_pause` seconds if that is sooner.

    A row that has been tried for longer than its lane allows is given up instead.
    """
    state = State.GIVEN_UP if row.give_up_at <= clock.now() else State.PENDING
    return Answer(row, state, _storable(reason), longest_pause)


def given_back(row: OutboxRow) -> Answer:
    """Not sent, because the relay stops; due at once for another one."""
    return Answer(row, State.PENDING, "The relay stopped.", longest_pause=0)


def _storable(reason: str) -> str:
    """PostgreSQL refuses NUL and lone surrogates; one such reason would hold up all answers."""
    return reason[:500].encode("utf-8", "replace").decode().replace("\x00", "")


def write_down(session: Session, answers: Sequence[Answer]) -> list[Answer]:
    """Returns those that need no more writing down; a row that somebody else has locked just now holds up no other.

    A row that is closed, gone, or in other hands because our lease ran out, stays as it is; one that was woken while it
    was being sent is due now, whatever its pause.
    """
    if not answers:
        return []
    now, free = clock.now(), set(session.scalars(_FREE, {"ids": [answer.row.id for answer in answers]}))
    if writable := [_values(answer, now) for answer in answers if answer.row.id in free]:
        session.connection().execute(_WRITE_DOWN, writable)
    return [answer for answer in answers if answer.row.id in free or not _is_leased(answer.row, now)]


def _is_leased(row: OutboxRow, now: datetime) -> bool:
    return row.claimed_until is not None and row.claimed_until > now


def _values(answer: Answer, now: datetime) -> dict[str, Any]:
    return {
        "row": answer.row.id,
        "lease": answer.row.claimed_until,
        "was_due": answer.row.due_at,
        "next_due": now + answer.pause,
        "to": answer.state,
        "reason": answer.reason,
        "closed": None if answer.state == State.PENDING else now,
    }


_FREE = (
    select(OUTBOX.c.id)
    .where(OUTBOX.c.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    .with_for_update(skip_locked=True)
)
_WRITE_DOWN = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row"), OUTBOX.c.state == State.PENDING)
    .where(OUTBOX.c.claimed_until == bindparam("lease"))
    .values(
        state=bindparam("to"),
        last_error=bindparam("reason"),
        closed_at=bindparam("closed"),
        claimed_until=None,
        due_at=case((OUTBOX.c.due_at == bindparam("was_due"), bindparam("next_due")), else_=OUTBOX.c.due_at),
    )
)


def keep(session: Session, rows: Sequence[OutboxRow]) -> dict[int, datetime]:
    """Renews the leases of rows that take long to send, so that nobody else sends them meanwhile.

    Returns the new ones by row id, to be believed once the transaction is committed.
    """
    now = clock.now()
    aging = [row for row in rows if row.claimed_until is not None and row.claimed_until - now < LEASE * 2 / 3]
    return {row.id: now + LEASE for row in aging if _renew(session, row, now + LEASE)}


def _renew(session: Session, row: OutboxRow, lease_end: datetime) -> bool:
    renewed = session.connection().execute(_KEEP, {"row": row.id, "lease": row.claimed_until, "lease_end": lease_end})
    return bool(renewed.rowcount)


_OURS = select(OUTBOX.c.id).where(OUTBOX.c.id == bindparam("row"), OUTBOX.c.claimed_until == bindparam("lease"))
_KEEP = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(_OURS.with_for_update(skip_locked=True).scalar_subquery()))
    .values(claimed_until=bindparam("lease_end"))
)


def make_messages_due(session: Session, subject: str, item_id: UUID | None) -> None:
    """Makes messages due that found no flow waiting before: a task of this subject, or of this item, is done."""
    now = clock.now()
    of_it = {"subject_": subject, "item": item_id, "now": now, "give_up_at": now + lane_of(ENGINE).give_up_after}
    if session.connection().execute(_GO_ON, of_it).rowcount:
        session.execute(WAKE_UP)


_GO_ON = (
    update(OUTBOX)
    .where(OUTBOX.c.subject == bindparam("subject_"), OUTBOX.c.item_id.is_not_distinct_from(bindparam("item")))
    .where(OUTBOX.c.state.in_(UNSENT), OUTBOX.c.kind == Kind.MESSAGE, OUTBOX.c.attempts > 0)
    .values(due_at=bindparam("now"), state=State.PENDING, give_up_at=bindparam("give_up_at"), closed_at=None)
)
