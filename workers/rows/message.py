from order_api.camunda import processes
from order_api.outbox.models import Kind, OutboxRow
from workers.senders import sends


@sends(Kind.MESSAGE)
def send(row: OutboxRow) -> None:
    processes.correlate(row.name, row.subject, row.item_id, str(row.id))
