"""Records a person's decision in a queue: who decided what, and why."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import (
    NEEDED_FOR_DECISION,
    NOT_BY_WHO_ASKED,
    PERMISSIONS,
    Actor,
    ActorKind,
    system_actor,
)
from order_api.access.models import User
from order_api.camunda.user_tasks import TaskCompletion, completed_by
from order_api.core.outside import OutsideCall, Story
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.orders.units import require_parcel
from order_api.outbox.subjects import Subject, flow_of
from order_api.progress.decided import NO_DECISION
from order_api.progress.processes import processes_of
from order_api.progress.wait import end_wait
from order_api.words import Role
from order_api.words.events import Event

MAX_TEXT = 500
DECISIONS = (Event.DECISION_TAKEN, Event.DECISION_REFUSED)
SYSTEM = system_actor("record-decision")
NEEDS_REASON = frozenset(
    {
        "write_off",
        "refuse_refund",
        "booked",
        "came_back",
        "written_off",
        "refuse_return",
        "no_money",
        "write_off_goods",
    }
)
NOT_ALLOWED, REASON_MISSING = "the person may not take it", "a reason is required"
ASKED = "the person has asked for it, so another one must decide"


@dataclass(frozen=True)
class DecisionInput:
    """The decision that a task brings from a queue. `word` and `reason` come from outside and may have any type."""

    task_id: str
    process_instance_id: str
    user_task_id: str
    shipment_id: UUID | None
    word: Any
    reason: Any


@dataclass
class CompletionCall(OutsideCall[TaskCompletion | None]):
    """Asks the engine who last completed the user task of the queue. Only reads."""

    decided: DecisionInput
    completion: TaskCompletion | None = None
    is_last = True

    def make(self) -> TaskCompletion | None:
        return completed_by(self.decided.process_instance_id, self.decided.user_task_id, self.decided.shipment_id)

    def settle(self, session: Session, reply: TaskCompletion | None) -> None:
        self.completion = reply


@dataclass
class RecordDecision(Story):
    """Asks the engine who completed the task in the queue, then writes the decision once per task.

    `accepted_word` is the resulting word. It is "" without a decision or a reason that the decision needs, or if the
    person may not see the order, lacks the permission, or has asked for what needs another one to approve it: queues
    show the orders of all collections, but some staff see only a few. The flow answers "" with a new task.
    """

    subject: Subject
    item_id: UUID | None
    decided: DecisionInput
    accepted_word: str = ""
    _call: CompletionCall = field(init=False)

    def __post_init__(self) -> None:
        self._call = CompletionCall(self.decided)

    def ask(self, session: Session) -> CompletionCall:
        return self._call

    def finish(self, session: Session) -> None:
        order = repository.get_for_update(session, SYSTEM, self.subject.order_id)
        if self.item_id is not None:
            repository.get_item(session, order, self.item_id)
        if (shipment_id := self.decided.shipment_id) is not None:
            require_parcel(session, order, shipment_id)
        completion = self._completion(session, order)
        user = completion.user if completion else None
        person = Actor(ActorKind.STAFF, user or "unknown", collections=None)
        end_wait(session, person, order, flow_of(self.item_id, shipment_id), subject=self.subject)
        word, reason = (self.decided.word, self.decided.reason) if completion else (None, None)
        refused = _why_not(session, self.subject, user, order, word, _text(reason))
        own = {"task_id": self.decided.task_id}
        if not _is_recorded(session, order, own):
            details = own | {
                "queue": self.decided.user_task_id,
                "decision": _text(word) or NO_DECISION,
                "completed": completion.task_id if completion else "",
            }
            if shipment_id is not None:
                details["shipment_id"] = str(shipment_id)
            if refused:
                details["refused"] = refused
            event = Event.DECISION_REFUSED if refused else Event.DECISION_TAKEN
            about: dict[str, Any] = {"item_id": self.item_id, "subject": self.subject, "reason": _text(reason)}
            history.record(session, order, event, person, **about, details=details)
        self.accepted_word = str(word) if word is not None and not refused else ""

    def _completion(self, session: Session, order: Order) -> TaskCompletion | None:
        """None when an operator moved the token past the queue: the engine then knows no completion, or only an earlier
        one whose decision is already recorded."""
        completion = self._call.completion
        if completion is None:
            return None
        used = {"completed": completion.task_id}
        is_own = _is_recorded(session, order, used | {"task_id": self.decided.task_id})
        return completion if is_own or not _is_recorded(session, order, used) else None


def _is_recorded(session: Session, order: Order, details: dict[str, str]) -> bool:
    return any(history.is_recorded(session, order.id, event, details) for event in DECISIONS)


def _why_not(
    session: Session, subject: Subject, user: str | None, order: Order, word: Any, reason: str | None
) -> str | None:
    """The form asks for the reason; a task that is completed without it, as the engine's API allows, comes again."""
    if str(word) in NEEDS_REASON and not (reason or "").strip():
        return REASON_MISSING
    if str(word) in NOT_BY_WHO_ASKED and user in {each.asked_by for each in processes_of(session, subject.number)}:
        return ASKED
    return None if _may_decide(session, user, order, word) else NOT_ALLOWED


def _may_decide(session: Session, user: str | None, order: Order, word: Any) -> bool:
    """Users known only to the engine, such as its administrators, may decide everything."""
    account = session.scalar(select(User).where(User.username == user))
    if account is None:
        return True
    needed = NEEDED_FOR_DECISION.get(str(word))
    return account.may_see(order.collection_id) and (needed is None or needed in PERMISSIONS[Role(account.role)])


def _text(value: Any) -> str | None:
    """Removes NUL, which PostgreSQL refuses."""
    return None if value in (None, "") else str(value).replace("\x00", "")[:MAX_TEXT]
