from uuid import UUID

from order_api.core.database import transaction
from order_api.outbox.models import OutboxRow, RowKind
from order_api.payment_events.handle import handle_event
from workers.senders import RELAY, sends


@sends(RowKind.HANDLE_PAYMENT_EVENT)
def send(row: OutboxRow) -> None:
    """Carries out a message that a payment gateway sent."""
    with transaction() as session:
        handle_event(session, RELAY, UUID(row.payload["event_id"]))
