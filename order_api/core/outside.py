"""Stories with calls to outside systems: each call is made once, even if a program dies before, in or after it (J4).

1. `ask` looks at the facts under their locks and writes a row with status `requested`, whose id is the key the vendor
   gets. Its transaction commits.
2. The vendor is called without any transaction. A row found `requested` was written by a worker that died or is slow:
   the vendor is asked for it (`find`) before the call is made again under the same key.
3. `settle` writes down the answer, even if the engine has ended the task by then. In the same transaction `ask` looks
   for the next call, unless the answer ends the story. Repeating any of it changes nothing.
"""

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

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


class ReadOnlyCall:
    """A call that needs no row, because it only reads."""

    is_new = True


class OneCall(Protocol):
    is_new: bool


class RequestedCall(OneCall, Protocol):
    """A row of something asked of an outside system."""

    requested_at: datetime

    @property
    def status(self) -> StrEnum: ...


Row = TypeVar("Row", bound=OneCall)
Requested = TypeVar("Requested", bound=RequestedCall)
Reply = TypeVar("Reply")


class Story(ABC, Generic[Row, Reply]):
    """A story with outside calls. `refusal` is what it tells the flow when it ends; None means that all went well."""

    refusal: ServiceError | None = None

    @abstractmethod
    def ask(self, session: Session) -> Row | None:
        """The next call to make, written down; None when there is none. May set `refusal`."""

    @abstractmethod
    def find(self, row: Row) -> Reply | None:
        """What became of this call at the vendor; None when it never arrived."""

    @abstractmethod
    def call(self, row: Row) -> Reply:
        """Makes the call under the row's id."""

    @abstractmethod
    def settle(self, session: Session, row: Row, reply: Reply) -> None:
        """Writes down the vendor's word. Locks what must be locked and leaves a settled row alone."""

    def is_last(self, row: Row, reply: Reply) -> bool:
        """Whether this reply ends the story, so that looking for another call is in vain."""
        return False


AnyStory = TypeVar("AnyStory", bound=Story)  # type: ignore[type-arg]


def run(story: AnyStory) -> AnyStory:
    """Tells the story to its end, in one transaction more than it makes calls. Refuses to run inside another one."""
    with transaction() as session:
        row = story.ask(session)
    while row is not None:
        reply = None if row.is_new else story.find(row)
        if reply is None:
            reply = story.call(row)
        row = _settle_and_ask(story, row, reply)
    return story


def _settle_and_ask(story: Story[Row, Reply], row: Row, reply: Reply) -> Row | None:
    """When `ask` does not get through, the vendor's word is written down all the same."""
    try:
        with transaction() as session:
            story.settle(session, row, reply)
            return None if story.is_last(row, reply) else story.ask(session)
    except Exception:
        with transaction() as session:
            story.settle(session, row, reply)
        raise


def renew(row: Requested) -> Requested:
    """Restarts the clock of an open request, because its call may now be made again; meanwhile `is_certainly_over` must
    be false."""
    if row.status == CallStatus.REQUESTED:
        row.requested_at = clock.now()
    return row


def is_certainly_over(row: RequestedCall) -> bool:
    return clock.now() - row.requested_at > CERTAINLY_OVER
