from order_api.camunda import processes
from order_api.outbox.models import OutboxRow, RowKind
from workers.senders import sends


@sends(RowKind.MESSAGE)
def send(row: OutboxRow) -> None:
    processes.correlate(row.name, row.subject, row.item_id, str(row.id))
