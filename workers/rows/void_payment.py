from uuid import UUID

from order_api.core.errors import OperatorNeeded
from order_api.core.outside import run
from order_api.outbox.models import OutboxRow, RowKind
from order_api.payments.void import VoidPayment
from workers.senders import RELAY, sends


@sends(RowKind.VOID_PAYMENT)
def send(row: OutboxRow) -> None:
    """Releases money that is held for an order whose flow is already past the step that releases it."""
    story = VoidPayment(RELAY, UUID(row.payload["order_id"]), f"outbox {row.id} try {row.attempts}")
    if refusal := run(story).refusal:
        # Each further try would be a new request to the gateway, with the same result.
        raise OperatorNeeded(refusal.detail)
