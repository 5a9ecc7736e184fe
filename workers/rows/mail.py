from uuid import UUID

from order_api.core.outside import run
from order_api.notifications.send import SendNotification
from order_api.outbox.models import OutboxRow, RowKind
from workers.senders import RELAY, sends


@sends(RowKind.MAIL)
def send(row: OutboxRow) -> None:
    if refusal := run(SendNotification(RELAY, UUID(row.payload["notification_id"]))).refusal:
        raise refusal
