"""The money of one placed order, and the acts on it."""

from collections import Counter
from uuid import UUID, uuid4

from sqlalchemy import select, true

from order_api.core.database import transaction
from order_api.core.outside import CallStatus
from order_api.outbox.models import OutboxRow, RowKind, RowState
from order_api.payments import ledger
from order_api.shipments.ship import ship
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.orders import Json, charge, line, ship_group, tax
from tests.factories.stories import authorize_payment, settle_parcel
from tests.fixtures.service import Client


class Money:
    def __init__(self, client: Client, order: Json, *, is_at_warehouse: bool = True) -> None:
        self.actor, self.order = client.company.actor, order
        self.id, self.number = UUID(order["id"]), order["number"]
        if is_at_warehouse:
            hand_to_fulfillment(order)
        self.items = {item["line_id"]: UUID(item["id"]) for item in order["items"]}

    def authorize(self, task: str = "authorize") -> None:
        authorize_payment(self.actor, self.id, task)

    def ship(self, **quantities: int) -> UUID:
        with transaction() as session:
            sent = {"carrier": "dhl", "tracking_number": str(uuid4())}
            return ship(session, self.actor, self.id, quantities, **sent).id

    def capture(self, shipment_id: UUID | None = None, task: str = "capture", *, retry: bool = False) -> None:
        """Captures the parcel, or without a `shipment_id` every parcel."""
        settle_parcel(self.actor, self.id, shipment_id, task, retry=retry)

    def done(self) -> dict[str, list[int]]:
        """Amounts by kind, in the order of their requests."""
        with transaction() as session:
            rows = [row for row in ledger.rows_of(session, self.id) if row.status == CallStatus.DONE]
        return {kind: [row.amount for row in rows if row.kind == kind] for kind in sorted({row.kind for row in rows})}

    def waiting_messages(self, shipment_id: UUID | None = None) -> list[str]:
        """Those to the flow of the parcel, or without a `shipment_id` all of the order."""
        query = select(OutboxRow.name).where(OutboxRow.business_key == self.number, OutboxRow.kind == RowKind.MESSAGE)
        to_it = OutboxRow.payload == {"shipment_id": str(shipment_id)} if shipment_id else true()
        with transaction() as session:
            return list(session.scalars(query.where(OutboxRow.state == RowState.PENDING, to_it).order_by(OutboxRow.id)))

    def statuses(self) -> Counter[str]:
        with transaction() as session:
            return Counter(f"{row.kind} {row.status}" for row in ledger.rows_of(session, self.id))


def mc10(channel: Client, **changes: object) -> Money:
    """The order of the worked case MC10: 43.20, 36.00 and 16.20 for its lines, 5.99 for shipping."""
    lines = [
        line("20.00", 2, tax("3.20"), line_id="A"),
        line("33.33", 1, tax("2.67"), line_id="B"),
        line("15.00", 1, tax("1.20"), line_id="C"),
    ]
    return Money(channel, channel.place(*lines, ship_groups=[ship_group(charges=[charge("5.99")])], **changes))
