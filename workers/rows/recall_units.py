from uuid import UUID

from order_api.cancellations.recall_units import RecallUnits
from order_api.core.outside import run
from order_api.outbox.models import OutboxRow, RowKind
from workers.senders import RELAY, sends


@sends(RowKind.RECALL_UNITS)
def send(row: OutboxRow) -> None:
    run(RecallUnits(RELAY, UUID(row.payload["order_id"]), UUID(row.payload["cancellation_id"])))
