"""J4, act once: how a story calls an outside system so that a death before, in and after the call does no harm.

1. `request` writes a row with status `requested`, whose id is the key the vendor gets, and commits.
2. The vendor is called without any transaction. A row found `requested` was written by somebody who died or is slow:
   the vendor is asked for it (`find`) before the call is made again under the same key.
3. `record` writes down the answer, whatever the engine says by then. Repeating any of it changes nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.core.database import transaction

CALL_TIMEOUT = 10.0
"""Seconds an adapter may wait for its vendor."""

CERTAINLY_OVER = timedelta(seconds=CALL_TIMEOUT * 2)
"""A call requested, or taken up again, longer ago than this is no longer under way anywhere: `find` and the call itself
have had their time."""


class CallStatus(StrEnum):
    """`requested` may have happened; `lost` certainly has not; the others are the vendor's word."""

    REQUESTED = "requested"
    DONE = "done"
    DECLINED = "declined"
    LOST = "lost"


class OutsideCall(Protocol):
    """A ledger row of something asked of an outside system."""

    id: UUID
    requested_at: datetime
    is_new: bool

    @property
    def status(self) -> StrEnum: ...


Row = TypeVar("Row", bound=OutsideCall)
Reply = TypeVar("Reply")


def act_once(
    request: Callable[[Session], Row | None],
    *,
    perform: Callable[[Row], Reply],
    find: Callable[[Row], Reply | None],
    record: Callable[[Session, Row, Reply], Row],
) -> Row | None:
    """Returns the settled row, or None when `request` found nothing to do.

    `record` locks what must be locked, in the lock order of all stories, and leaves a row alone that is settled.
    """
    with transaction() as session:
        row = request(session)
    return row and settle(row, perform=perform, find=find, record=record)


def settle(
    row: Row,
    *,
    perform: Callable[[Row], Reply],
    find: Callable[[Row], Reply | None],
    record: Callable[[Session, Row, Reply], Row],
) -> Row:
    """Steps 2 and 3, for a row that a transaction of the caller's own has written."""
    if row.status != CallStatus.REQUESTED:
        return row
    reply = None if row.is_new else find(row)
    if reply is None:
        reply = perform(row)
    with transaction() as session:
        return record(session, row, reply)


def take_up(row: Row) -> Row:
    """For a story that finds an open request, in the transaction in which it found it and under its lock: from now on
    the call may be under way once more, so nobody may take it for lost."""
    if row.status == CallStatus.REQUESTED:
        row.requested_at = clock.now()
    return row


def is_certainly_over(row: OutsideCall) -> bool:
    return clock.now() - row.requested_at > CERTAINLY_OVER
