"""Orders whose items are at fulfillment, without the flow that would bring them there."""

from uuid import UUID

from order_api.core import clock
from order_api.core.database import transaction
from order_api.shipments.models import FulfillmentRequestRow, RequestStatus
from tests.factories.orders import Json


def hand_to_fulfillment(order: Json, *line_ids: str) -> Json:
    """These lines of the placed order, by default all, were sent and accepted."""
    with transaction() as session:
        for item in order["items"]:
            if line_ids and item["line_id"] not in line_ids:
                continue
            row = FulfillmentRequestRow(order_id=UUID(order["id"]), item_id=UUID(item["id"]), quantity=item["quantity"])
            row.status, row.requested_at, row.settled_at = RequestStatus.ACCEPTED, clock.now(), clock.now()
            session.add(row)
    return order
