"""The runner of stories with outside calls: the order of its calls, and their transactions (J4)."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from order_api.core.database import engine
from order_api.core.errors import OutsideSystemUnavailable, ServiceError
from order_api.core.outside import OutsideCall, OutsideCallRow, RecordedCall, Story, run
from order_api.orders.errors import OrderNotFound

pytestmark = pytest.mark.usefixtures("migrated")

REPLIES = "CREATE TEMPORARY TABLE IF NOT EXISTS replies (reply int) ON COMMIT DROP"


class Call(OutsideCall[int]):
    """Writes its reply down."""

    def make(self) -> int:
        return 1

    def settle(self, session: Session, reply: int) -> ServiceError | None:
        session.execute(text(REPLIES))
        session.execute(text("INSERT INTO replies VALUES (:reply)"), {"reply": reply})
        return None


class LastCall(Call):
    is_last = True


class RefusedCall(Call):
    def settle(self, session: Session, reply: int) -> ServiceError | None:
        super().settle(session, reply)
        return OrderNotFound("of a test")


class StoryOfCalls(Story):
    """Makes the given calls. `seen` are the replies in the database at each `ask`, `finished` those at the end."""

    def __init__(self, *calls: Call) -> None:
        self.calls = list(calls)
        self.seen: list[int] = []
        self.finished: list[int] = []

    def ask(self, session: Session) -> Call | None:
        self.seen.append(self.replies(session))
        return self.calls.pop(0) if self.calls else None

    def finish(self, session: Session) -> None:
        self.finished.append(self.replies(session))

    def replies(self, session: Session) -> int:
        session.execute(text(REPLIES))
        return int(session.execute(text("SELECT count(*) FROM replies")).scalar_one())


def commits_of(story: Story) -> int:
    commits: list[None] = []

    def count(_: object) -> None:
        commits.append(None)

    event.listen(engine(), "commit", count)
    try:
        run(story)
    finally:
        event.remove(engine(), "commit", count)
    return len(commits)


def test_a_story_of_two_calls_has_three_transactions_and_settles_each_call_in_the_next_one() -> None:
    story = StoryOfCalls(Call(), Call())

    assert (commits_of(story), story.seen, story.finished) == (3, [0, 1, 1], [1])


def test_a_last_call_is_settled_in_the_transaction_that_finishes_the_story() -> None:
    story = StoryOfCalls(LastCall())

    assert (commits_of(story), story.seen, story.finished) == (2, [0], [1])


def test_a_refused_story_keeps_the_answer_that_refuses_it_and_is_not_finished() -> None:
    story = StoryOfCalls(RefusedCall(), Call())

    assert (commits_of(story), story.seen, story.finished) == (2, [0], [])
    assert isinstance(story.refusal, OrderNotFound)


def test_a_story_that_refuses_by_itself_is_not_finished() -> None:
    story = StoryOfCalls()
    story.refusal = OrderNotFound("of a test")

    assert (commits_of(story), story.finished) == (1, [])


class Row(OutsideCallRow):
    """A row that was written by this worker or, if not `is_new`, by one that died."""

    def __init__(self, *, is_new: bool) -> None:
        self.is_new = is_new


@dataclass
class VendorCall(RecordedCall[str]):
    """A call to a vendor. `known` is what the vendor knows of an earlier try; `done` lists the steps."""

    row: Any
    known: str | None = None
    is_away: bool = False
    done: list[str] = field(default_factory=list)
    is_last = True

    def find(self) -> str | None:
        self.done.append("find")
        return self.known

    def make(self) -> str:
        self.done.append("make")
        if self.is_away:
            raise OutsideSystemUnavailable("The vendor is away.")
        return "made"

    def settle(self, session: Session, reply: str) -> None:
        self.done.append(f"settle {reply}")


@dataclass
class OneCall(Story):
    call: VendorCall
    failure: Exception | None = None

    def ask(self, session: Session) -> VendorCall:
        return self.call

    def finish(self, session: Session) -> None:
        if self.failure is not None:
            raise self.failure


@pytest.mark.parametrize(
    ("call", "done"),
    [
        (VendorCall(Row(is_new=True), known="found"), ["make", "settle made"]),
        (VendorCall(Row(is_new=False), known="found"), ["find", "settle found"]),
        (VendorCall(Row(is_new=False), known=None), ["find", "make", "settle made"]),
    ],
    ids=["a new call", "an earlier try that arrived", "an earlier try that never arrived"],
)
def test_the_vendor_is_asked_for_an_earlier_try_before_the_call_is_made_again(
    call: VendorCall, done: list[str]
) -> None:
    run(OneCall(call))

    assert call.done == done


def test_an_answer_is_written_down_although_the_story_fails_after_it() -> None:
    call = VendorCall(Row(is_new=True))

    with pytest.raises(ValueError, match="a bug"):
        run(OneCall(call, ValueError("a bug")))

    assert call.done == ["make", "settle made", "settle made"]


def test_a_call_without_a_clear_answer_is_not_settled() -> None:
    call = VendorCall(Row(is_new=True), is_away=True)

    with pytest.raises(OutsideSystemUnavailable):
        run(OneCall(call))

    assert call.done == ["make"]
