from order_api.core.database import transaction
from order_api.outbox.models import OutboxRow, RowKind
from order_api.reservations.serve_backorders import serve_more_backorders
from workers.senders import sends


@sends(RowKind.SERVE_BACKORDERS)
def send(row: OutboxRow) -> None:
    """More items wait for free units of the sku than one transaction serves: serves the next ones."""
    with transaction() as session:
        serve_more_backorders(session, row.payload["sku"])
