"""Stories with calls to outside systems: each call is made once, even if a program dies before, in or after it (J4).

1. The story's `ask` looks at the facts under their locks and decides on the next call. It writes down the call's row
   with status `requested`, whose id is the key the vendor gets. Its transaction commits.
2. The call is made without any transaction. A row found `requested` was written by a worker that died or is slow: the
   vendor is asked for it (`find`) before the call is made again under the same key.
3. The call's `settle` writes down the answer, even if the engine has ended the task by then. In the same transaction
   `ask` looks for the next call. When none is left, `finish` ends the story. Repeating any of it changes nothing.
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

CALL_TIMEOUT = 10.0
"""Seconds an adapter may wait for its vendor."""

CERTAINLY_OVER = timedelta(seconds=CALL_TIMEOUT * 2)
"""A call requested or renewed longer ago than this is no longer under way: `find` and the call have had their time."""


class CallStatus(StrEnum):
    """`requested` may have happened; `lost` is our assumption that it has not, which a late answer may correct; `done`
    and `declined` are the vendor's word."""

    REQUESTED = "requested"
    DONE = "done"
    DECLINED = "declined"
    LOST = "lost"


class OutsideCallRow:
    """Columns of every row that stands for one call. `is_new` is true only of the object that wrote the row."""

    is_new = False

    requested_at: Mapped[datetime] = mapped_column()
    settled_at: Mapped[datetime | None] = mapped_column()


class CallRow(Protocol):
    """A row that stands for one call about an order."""

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
    """Whether the story ends with this call, so that `ask` need not look again, which saves its statements.

    Only for a call after which no other can be due. If something may come up while it is made, such as a cancellation
    or another parcel, `settle` has to look at that under its lock and set this to False; else the story misses it.
    """

    @property
    def is_repeated(self) -> bool:
        """Whether an earlier try may have arrived."""
        return False

    def find(self) -> Reply | None:
        """What became of an earlier try at the vendor; None when it never arrived, or when repeating it is as good."""
        return None

    @abstractmethod
    def make(self) -> Reply:
        """Makes the call."""

    @abstractmethod
    def settle(self, session: Session, reply: Reply) -> ServiceError | None:
        """Writes down the vendor's word. Locks what must be locked and leaves a settled row alone. Returns the refusal
        if the word ends the story."""


class RecordedCall(OutsideCall[Reply]):
    """A call with a row, whose id is the key that the vendor gets."""

    row: OutsideCallRow

    @property
    def is_repeated(self) -> bool:
        return not self.row.is_new


class Story(ABC):
    """A story with outside calls. `refusal` is what it tells the flow when it ends; None means that all went well.

    A story "answers" a refusal that is set here: what it wrote is kept. A refusal that it "raises" undoes what the
    transaction wrote.
    """

    refusal: ServiceError | None = None

    @abstractmethod
    def ask(self, session: Session) -> OutsideCall[Any] | None:
        """The next call to make, written down; None when none is left to make, or when `refusal` is set."""

    def finish(self, session: Session) -> None:  # noqa: B027 - most stories have nothing more to write
        """Writes down what is true once every call is made, in the transaction that found none left. May set
        `refusal`. A refused story is not finished."""


AnyStory = TypeVar("AnyStory", bound=Story)


def run(story: AnyStory) -> AnyStory:
    """Tells the story to its end, in one transaction more than it makes calls. Refuses to run inside another one."""
    with transaction() as session:
        call = _ask_or_finish(story, session)
    while call is not None:
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
    """When the story does not get on, the vendor's word is written down all the same."""
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
    """Restarts the clock of an open request whose call is made again. Needed for rows that another story may declare
    lost (`is_certainly_over`), as an undo does with payments."""
    if row.status == CallStatus.REQUESTED:
        row.requested_at = clock.now()
    return row


def is_certainly_over(row: CallRow) -> bool:
    return clock.now() - row.requested_at > CERTAINLY_OVER
