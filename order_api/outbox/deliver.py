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
    BindParameter,
    DateTime,
    Integer,
    Select,
    and_,
    any_,
    bindparam,
    case,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.outbox.announce import WAKE_UP
from order_api.outbox.models import OUTBOX, Kind, OutboxRow, State
from order_api.outbox.receivers import Receiver, kinds_for

LEASE = timedelta(seconds=30)
"""Longer than the engine's request time-out; renewed while a row is being sent, so that no row is in two hands."""

PAUSES = (0.5, 1, 2, 5, 10, 30)
"""Seconds before the next try: the wait may not be reached yet, or may be a person's."""


def claim(session: Session, room: Mapping[Receiver, int], held: Collection[int] = ()) -> list[OutboxRow]:
    """Due rows, so many for each receiver and the longest due first, that nobody holds, nor we ourselves (`held`),
    whatever an operator did to a lease.

    A start precedes everything of its order; else the rows for one receiver go in order per (order, item). A row that
    waits for its next try blocks no other; only one that is due does, and one being sent stays due until its answer is
    written down, so several relays keep the order too.
    """
    now = clock.now()
    most = {f"most_for_{receiver}": room[receiver] for receiver in Receiver}
    rows = session.connection().execute(_claim(), {"now": now, "lease_end": now + LEASE, "held": list(held), **most})
    return sorted((OutboxRow(**row._mapping) for row in rows), key=lambda row: row.id)  # noqa: SLF001 - its public name


@cache
def _claim() -> Any:
    """Built once, because a busy relay claims dozens of times a second."""
    first = [select(_first_for(receiver).cte(f"first_for_{receiver}").c.id) for receiver in Receiver]
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(union_all(*first)))
        .values(claimed_until=bindparam("lease_end"), attempts=OUTBOX.c.attempts + 1)
        .returning(*OUTBOX.c)
    )


def _first_for(receiver: Receiver) -> Select[int]:
    now: BindParameter[datetime] = bindparam("now", type_=DateTime(timezone=True))
    row, earlier = OUTBOX.alias().c, OUTBOX.alias().c
    for_the_same = and_(earlier.kind.in_(kinds_for(receiver)), earlier.item_id.is_not_distinct_from(row.item_id))
    blocked = (
        select(1)
        .where(earlier.order_id == row.order_id, earlier.id < row.id, earlier.state == State.PENDING)
        .where(or_(earlier.kind == Kind.START, and_(for_the_same, earlier.due_at <= now)))
        .exists()
    )
    free = or_(row.claimed_until.is_(None), row.claimed_until <= now)
    ours = row.id == any_(bindparam("held", type_=ARRAY(BigInteger)))
    return (
        select(row.id)
        .where(row.state == State.PENDING, row.kind.in_(kinds_for(receiver)), row.due_at <= now, free, ~ours, ~blocked)
        .order_by(row.due_at, row.id)
        .limit(bindparam(f"most_for_{receiver}", type_=Integer()))
        .with_for_update(skip_locked=True, of=row.id)
    )


@dataclass(frozen=True)
class Answer:
    """What came of sending a row; `state` PENDING means that it is tried again after a pause."""

    row: OutboxRow
    state: State
    reason: str | None = None
    longest_pause: float = PAUSES[-1]

    @property
    def pause(self) -> timedelta:
        return timedelta(seconds=min(self.longest_pause, PAUSES[min(self.row.attempts - 1, len(PAUSES) - 1)]))


def delivered(row: OutboxRow) -> Answer:
    return Answer(row, State.DELIVERED)


def dropped(row: OutboxRow, reason: str) -> Answer:
    return Answer(row, State.DROPPED, _storable(reason))


def later(row: OutboxRow, reason: str, longest_pause: float = PAUSES[-1]) -> Answer:
    return Answer(row, State.PENDING, _storable(reason), longest_pause)


def _storable(reason: str) -> str:
    """Whatever an engine or a proxy answered: one reason that PostgreSQL refuses would hold up all answers."""
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


def flow_went_on(session: Session, order_id: UUID, item_id: UUID | None) -> None:
    """A task of this order, or of this item, is done: what found nobody waiting before is tried again now."""
    of_it = {"order": order_id, "item": item_id, "now": clock.now()}
    if session.connection().execute(_GO_ON, of_it).rowcount:
        session.execute(WAKE_UP)


_GO_ON = (
    update(OUTBOX)
    .where(OUTBOX.c.order_id == bindparam("order"), OUTBOX.c.item_id.is_not_distinct_from(bindparam("item")))
    .where(OUTBOX.c.state == State.PENDING, OUTBOX.c.kind == Kind.MESSAGE, OUTBOX.c.attempts > 0)
    .values(due_at=bindparam("now"))
)
