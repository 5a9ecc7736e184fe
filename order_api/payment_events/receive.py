"""Stores a gateway's message once, as it came. The relay carries it out."""

from collections.abc import Mapping
from uuid import uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.core.text_check import is_storable
from order_api.integrations.payment.port import EventRefused, GatewayEvent
from order_api.integrations.payment.registry import source_of_events
from order_api.outbox import announce
from order_api.outbox.lanes import PAYMENT
from order_api.outbox.models import RowKind
from order_api.payment_events.errors import PaymentEventRefused, PaymentEventSourceNotFound
from order_api.payment_events.models import PaymentEvent

MAX_LENGTH = 200


def read_event(adapter: str, headers: Mapping[str, str], body: bytes) -> GatewayEvent | None:
    """The message, whose signature the adapter has checked; None if it is of no interest. Not inside a transaction.

    Raises PaymentEventSourceNotFound and PaymentEventRefused.
    """
    source = source_of_events(adapter)
    if source is None:
        raise PaymentEventSourceNotFound(f"No payment adapter {adapter!r} sends messages here.")
    try:
        return source.read_event(headers, body)
    except EventRefused as refusal:
        raise PaymentEventRefused(str(refusal)) from None


def store_event(session: Session, adapter: str, event: GatewayEvent, body: bytes) -> None:
    """Repeating is safe: a message with a known id is not stored again. Raises PaymentEventRefused."""
    texts = [event.id, *filter(None, (event.reference, event.decline_code, event.trace_number))]
    if not all(is_storable(text) and 1 <= len(text) <= MAX_LENGTH for text in texts):
        raise PaymentEventRefused(f"The texts of a message need 1 to {MAX_LENGTH} characters that can be stored.")
    if event.at is not None and event.at.tzinfo is None:
        raise PaymentEventRefused("The time of a message needs a time zone.")
    row = insert(PaymentEvent).values(
        id=uuid4(),
        adapter=adapter,
        event_id=event.id,
        kind=event.kind,
        key=event.key,
        reference=event.reference,
        decline_code=event.decline_code,
        trace_number=event.trace_number,
        expected_by=event.expected_by,
        happened_at=event.at,
        body=body,
        received_at=clock.now(),
    )
    id_ = session.scalar(row.on_conflict_do_nothing().returning(PaymentEvent.id))
    if id_ is not None:
        # A key of its own: messages about one order need no order among each other.
        announce.request_work(session, PAYMENT, RowKind.HANDLE_PAYMENT_EVENT, str(id_), event_id=id_)
