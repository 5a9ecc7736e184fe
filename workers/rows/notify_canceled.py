from uuid import UUID

from order_api.core.database import transaction
from order_api.notifications.notices import Notice
from order_api.notifications.notify import notify_customer
from order_api.outbox.models import OutboxRow, RowKind
from workers.senders import RELAY, sends


@sends(RowKind.NOTIFY_CANCELED)
def send(row: OutboxRow) -> None:
    """Writes the mail about one cancellation."""
    order_id, cancellation_id = UUID(row.payload["order_id"]), UUID(row.payload["cancellation_id"])
    with transaction() as session:
        notify_customer(session, RELAY, order_id, Notice.ITEM_CANCELED, about_id=cancellation_id)
