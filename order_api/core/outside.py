"""Stories with calls to outside systems. Each call takes effect once, even if a program dies before, during or after it
(J4).

1. The story's `ask` reads the facts under their locks and decides on the next call. It stores the call's row with
   status `requested`; the vendor gets the row's id as its key. The transaction commits.
2. `make` calls the vendor outside any transaction. If `ask` found the row already `requested`, its worker has died or
   is slow: `find` first asks the vendor about that call, and only then does `make` repeat it under the same key.
3. `settle` stores the answer, even if the engine has ended the task by then. In the same transaction, `ask` looks for
   the next call. When none is left, `finish` ends the story. Every step is safe to repeat.
"""

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Mapped, Session, mapped_column

from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.errors import ServiceError
from order_api.core.slots import SLOTS

CALL_TIMEOUT = 10.0
"""Seconds an adapter may wait for its vendor."""

CERTAINLY_OVER = timedelta(seconds=CALL_TIMEOUT * 2)
"""A call requested or renewed longer ago than this is no longer under way: `find` and `make` have both timed out."""


class CallStatus(StrEnum):
    """`held`: not to be made before a person agrees; `withdrawn` if that person did not. `requested`: the call may have
    reached the vendor. `pending`: the vendor took it and decides later. `lost`: we assume that it has not arrived; a
    late answer may correct this. `done` and `declined`: the vendor has answered."""

    HELD = "held"
    WITHDRAWN = "withdrawn"
    REQUESTED = "requested"
    PENDING = "pending"
    DONE = "done"
    DECLINED = "declined"
    LOST = "lost"


class OutsideCallRow:
    """Columns of every row that records one call. `is_new` is true only for the object that wrote the row."""

    is_new = False

    requested_at: Mapped[datetime] = mapped_column()
    settled_at: Mapped[datetime | None] = mapped_column()


class CallRow(Protocol):
    """A row that records one call about an order."""

    id: UUID
    order_id: UUID
    status: Any
    requested_at: datetime
    settled_at: datetime | None


AnyCallRow = TypeVar("AnyCallRow", bound=CallRow)
Reply = TypeVar("Reply")


class OutsideCall(ABC, Generic[Reply]):
    """One call to an outside system that a story has decided on."""

    is_last: bool = False
    """Whether the story ends with this call. `run` then does not call `ask` again, which saves database statements.

    Only for a call that no other call can follow. If, for example, a cancellation or another parcel may arrive during
    the call, `settle` checks for it under its lock and sets this to False; otherwise the story misses it.
    """

    @property
    def system(self) -> str | None:
        """The outside system that answers, such as the gateway of one type of tender. None for our own engine."""
        return None

    @property
    def is_repeated(self) -> bool:
        """Whether an earlier try may have arrived."""
        return False

    def find(self) -> Reply | None:
        """The vendor's reply to an earlier try; None if that never arrived, or if repeating the call does no harm."""
        return None

    @abstractmethod
    def make(self) -> Reply:
        """Makes the call."""

    @abstractmethod
    def settle(self, session: Session, reply: Reply) -> ServiceError | None:
        """Stores the vendor's reply under the locks it needs, and leaves a settled row alone. Returns a refusal if the
        reply ends the story."""


class RecordedCall(OutsideCall[Reply]):
    """A call with a row, whose id is the key that the vendor gets."""

    row: OutsideCallRow

    @property
    def is_repeated(self) -> bool:
        return not self.row.is_new


class Story(ABC):
    """A story with outside calls. `refusal` is its result for the flow; None means success.

    A story "answers" a refusal by setting it here, and keeps what it wrote. A story that "raises" a refusal undoes its
    transaction.
    """

    refusal: ServiceError | None = None

    @abstractmethod
    def ask(self, session: Session) -> OutsideCall[Any] | None:
        """Returns the next call, already recorded; None if no call is left or `refusal` is set."""

    def finish(self, session: Session) -> None:  # noqa: B027 - most stories have nothing more to write
        """Stores the outcome once no call is left. May set `refusal`. Does not run for a refused story."""


AnyStory = TypeVar("AnyStory", bound=Story)


def run(story: AnyStory) -> AnyStory:
    """Runs the story to its end: n calls take n + 1 transactions. Refuses to run inside a transaction. Raises NotYet if
    as many calls to the same system are under way as may be at once."""
    with transaction() as session:
        call = _ask_or_finish(story, session)
    while call is not None:
        with SLOTS.taken(call.system):
            reply = call.find() if call.is_repeated else None
            if reply is None:
                reply = call.make()
        call = _settle_and_ask(story, call, reply)
    return story


def _ask_or_finish(story: Story, session: Session) -> OutsideCall[Any] | None:
    call = story.ask(session)
    if call is None and story.refusal is None:
        story.finish(session)
    return call


def _settle_and_ask(story: Story, call: OutsideCall[Reply], reply: Reply) -> OutsideCall[Any] | None:
    """If the story fails after the call, another transaction still stores the vendor's reply."""
    try:
        with transaction() as session:
            story.refusal = call.settle(session, reply)
            if story.refusal is not None:
                return None
            if not call.is_last:
                return _ask_or_finish(story, session)
            story.finish(session)
            return None
    except Exception:
        with transaction() as session:
            call.settle(session, reply)
        raise


def renew(row: AnyCallRow) -> AnyCallRow:
    """Restarts the clock of an open request before its call is repeated. Needed for rows that another story may declare
    lost (`is_certainly_over`), as an undo does with payments."""
    if row.status == CallStatus.REQUESTED:
        row.requested_at = clock.now()
    return row


def is_certainly_over(row: CallRow) -> bool:
    return clock.now() - row.requested_at > CERTAINLY_OVER
