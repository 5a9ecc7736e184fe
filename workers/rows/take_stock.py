from uuid import UUID

from order_api.core.database import transaction
from order_api.outbox.models import OutboxRow, RowKind
from order_api.reservations.take import take_stock
from workers.senders import RELAY, sends


@sends(RowKind.TAKE_STOCK)
def send(row: OutboxRow) -> None:
    """Goods have left: takes them off the shelves."""
    with transaction() as session:
        take_stock(session, RELAY, UUID(row.payload["order_id"]), UUID(row.payload["shipment_id"]))
