"""Orders whose items are at fulfillment, without the flow that would bring them there."""

from uuid import UUID

from order_api.core import clock
from order_api.core.database import transaction
from order_api.shipments.models import FulfillmentRequestRow, RequestStatus
from tests.factories.orders import Json


def hand_to_fulfillment(order: Json) -> Json:
    """Every item of the placed order was sent and accepted."""
    with transaction() as session:
        for item in order["items"]:
            row = FulfillmentRequestRow(order_id=UUID(order["id"]), item_id=UUID(item["id"]), quantity=item["quantity"])
            row.status, row.requested_at, row.settled_at = RequestStatus.ACCEPTED, clock.now(), clock.now()
            session.add(row)
    return order
