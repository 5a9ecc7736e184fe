from uuid import UUID

from order_api.core.errors import OperatorNeeded
from order_api.core.outside import run
from order_api.outbox.models import OutboxRow, RowKind
from order_api.payments.void import VoidPayment
from workers.senders import RELAY, sends


@sends(RowKind.VOID_PAYMENT)
def send(row: OutboxRow) -> None:
    """Releases money that no flow will capture or release: it is held for an order whose flow is already past that
    step, or by a means of payment that was replaced."""
    only_replaced = row.payload.get("of") == "replaced"
    story = VoidPayment(RELAY, UUID(row.payload["order_id"]), f"outbox {row.id} try {row.attempts}", only_replaced)
    if refusal := run(story).refusal:
        # Each further try would be a new request to the gateway, with the same result.
        raise OperatorNeeded(refusal.detail)
