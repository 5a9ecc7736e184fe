"""The only table that maps facts to messages of processes. Slices record facts and know no messages (J3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.camunda.names import Message, Process
from order_api.outbox import announce
from order_api.words.events import Event


@dataclass(frozen=True)
class WakeUp:
    message: Message
    process: Process = Process.ORDER_SUBMIT


WAKE_UPS: dict[Event, WakeUp] = {
    Event.ORDER_CANCEL_REQUESTED: WakeUp(Message.CANCEL_ORDER),
    Event.PAYMENT_METHOD_REPLACED: WakeUp(Message.PAYMENT_METHOD_REPLACED),
    Event.ITEM_STOCK_ALLOCATED: WakeUp(Message.STOCK_ALLOCATED),
    Event.ITEM_SHIPPED: WakeUp(Message.ITEM_SHIPPED),
    Event.ITEM_UNABLE_TO_SHIP: WakeUp(Message.ITEM_UNABLE_TO_SHIP),
    Event.ITEM_DELIVERED: WakeUp(Message.ITEM_DELIVERED),
    # Canceling the last open units ends the wait for delivery when all shipped units have already arrived.
    Event.ITEM_CANCELED: WakeUp(Message.ITEM_DELIVERED),
}


def wake(session: Session, subject: str, fact: Event, flows: Iterable[UUID | None]) -> None:
    """Writes the messages for a fact; most facts have none.

    `flows` are the items whose flows wait for the fact; None is the subject's own flow. Call it in the transaction of
    the fact. `orders.history.record` calls it; call it directly only for a fact without a history row.
    """
    if wake_up := WAKE_UPS.get(fact):
        for item_id in flows:
            announce.request_wake_up(session, subject, wake_up.process, wake_up.message, item_id)


def drop(session: Session, subject: str, facts: Iterable[Event], item_id: UUID | None) -> None:
    """Drops the messages for facts that a story has read."""
    announce.drop_wake_ups(session, subject, [WAKE_UPS[fact].message for fact in facts], item_id)


def is_wake_up_pending(session: Session, subject: str, fact: Event) -> bool:
    """Whether a message for this fact to the subject's own flow is still pending."""
    return announce.is_message_pending(session, subject, WAKE_UPS[fact].message)
