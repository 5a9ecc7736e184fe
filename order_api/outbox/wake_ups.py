"""The only table that maps facts to messages of processes. Slices record facts and know no messages (J3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from order_api.camunda.names import Message, Process
from order_api.outbox import announce
from order_api.outbox.subjects import ORDER, Flow
from order_api.words.events import Event


@dataclass(frozen=True)
class WakeUp:
    """The message that wakes this process of a subject of this kind.

    A fact wakes at most one process of each kind of subject, and no two processes wait for the same message. So a story
    that reads the fact drops the right message, and the engine finds the right flow by message and business key.
    """

    message: Message
    process: Process = Process.ORDER_SUBMIT
    subject_kind: str = ORDER


RETURN_CHANGED = WakeUp(Message.RETURN_CHANGED, Process.ORDER_RETURN, "return")

WAKE_UPS: dict[Event, tuple[WakeUp, ...]] = {
    Event.ORDER_CANCEL_REQUESTED: (WakeUp(Message.CANCEL_ORDER),),
    Event.PAYMENT_METHOD_REPLACED: (WakeUp(Message.PAYMENT_METHOD_REPLACED),),
    Event.ITEM_STOCK_ALLOCATED: (WakeUp(Message.STOCK_ALLOCATED),),
    Event.ITEM_SHIPPED: (WakeUp(Message.ITEM_SHIPPED),),
    Event.ITEM_UNABLE_TO_SHIP: (WakeUp(Message.ITEM_UNABLE_TO_SHIP),),
    Event.ITEM_DELIVERED: (WakeUp(Message.ITEM_DELIVERED),),
    # Canceling the last open units ends the wait for delivery when all shipped units have already arrived.
    Event.ITEM_CANCELED: (WakeUp(Message.ITEM_DELIVERED),),
    # A flow that waits for shipment or for a person reads that no unit of its line is left to ship.
    Event.ORDER_UNITS_CANCELED: (WakeUp(Message.ITEM_SHIPPED),),
    # A lost unit arrives no more.
    Event.ITEM_LOST: (WakeUp(Message.ITEM_DELIVERED),),
    # Nor does a unit that came back.
    Event.ITEM_RETURNED: (WakeUp(Message.ITEM_DELIVERED),),
    # A return waits until its refund is decided.
    Event.REFUND_GRANTED: (RETURN_CHANGED,),
    Event.REFUND_REFUSED: (RETURN_CHANGED,),
    Event.REFUND_CANCELED: (WakeUp(Message.REFUND_CANCELED, Process.ORDER_REFUND, "refund"), RETURN_CHANGED),
    Event.PAYMENT_REFUND_DECIDED: (WakeUp(Message.REFUND_DECIDED, Process.ORDER_REFUND, "refund"),),
    Event.REFUND_BOOKED: (WakeUp(Message.REFUND_BOOKED, Process.ORDER_REFUND, "refund"),),
    Event.REFUND_SURPLUS_CHANGED: (WakeUp(Message.REFUND_SURPLUS_CHANGED, Process.REFUND_PAID_TWICE, "refund"),),
    Event.PARCEL_LEFT: (WakeUp(Message.PARCEL_LEFT),),
    Event.PARCEL_SETTLED: (WakeUp(Message.PARCEL_SETTLED),),
    Event.RETURN_SCANNED: (RETURN_CHANGED,),
    Event.RETURN_RECEIVED: (RETURN_CHANGED,),
    Event.RETURN_JUDGED: (RETURN_CHANGED,),
    Event.RETURN_CANCELED: (RETURN_CHANGED,),
}


def wake(session: Session, business_key: str, fact: Event, flows: Iterable[Flow], subject_kind: str = ORDER) -> None:
    """Writes the messages for a fact to the processes of the subject with this public number; most facts have none.

    `flows` are those that wait for the fact. Call it in the transaction of the fact. `orders.history.record` calls it;
    call it directly only for a fact without a history row.
    """
    waiting = list(flows)
    for wake_up in _of_kind(fact, subject_kind):
        for flow in waiting:
            announce.request_wake_up(session, business_key, wake_up.process, wake_up.message, flow)


def drop(session: Session, business_key: str, facts: Iterable[Event], flow: Flow, subject_kind: str = ORDER) -> None:
    """Drops the messages for facts that a story has read."""
    messages = [wake_up.message for fact in facts for wake_up in _of_kind(fact, subject_kind)]
    announce.drop_wake_ups(session, business_key, messages, flow)


def is_wake_up_pending(session: Session, business_key: str, fact: Event, flow: Flow = None) -> bool:
    """Whether a message for this fact to this flow of the order is still pending."""
    messages = [wake_up.message for wake_up in _of_kind(fact, ORDER)]
    return any(announce.is_message_pending(session, business_key, message, flow) for message in messages)


def _of_kind(fact: Event, subject_kind: str) -> list[WakeUp]:
    return [wake_up for wake_up in WAKE_UPS.get(fact, ()) if wake_up.subject_kind == subject_kind]
