"""An order of three lines in one company's shop, and the acts that cancel some of its units."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from order_api.cancellations.recall_units import RecallUnits
from order_api.core.database import transaction
from order_api.core.outside import run
from order_api.notifications.notices import Notice
from order_api.notifications.notify import notify_customer
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.flows import Flow
from tests.factories.orders import Json, charge, discount, line, ship_group, tax
from tests.fixtures.service import Client
from workers.senders import RELAY


class ThreeLines:
    """An order of three lines: A of three units, B of two and C of one, with shipping and a discount."""

    def __init__(self, channel: Client, warehouse: Client, stock_of_a: int = 5) -> None:
        self.channel, self.warehouse = channel, warehouse
        self.skus = skus = {key: f"{key}-{uuid4().hex[:8]}" for key in "ABC"}
        for line_id, units in {"A": stock_of_a, "B": 5, "C": 5}.items():
            if units:
                self.receive(line_id, units)
        lines = [
            line("19.99", 3, tax("4.59"), line_id="A", sku=skus["A"]),
            line("5.00", 2, tax("0.77"), line_id="B", sku=skus["B"]),
            line("1.00", line_id="C", sku=skus["C"]),
        ]
        home = ship_group(charges=[charge("5.00", taxes=[tax("0.40")])])
        self.order = channel.place(*lines, ship_groups=[home], discounts=[discount("3.00")])
        self.flow = Flow(self.order)
        self.path = f"/v1/orders/{self.order['id']}/cancellations"

    def receive(self, line_id: str, quantity: int) -> None:
        receipt = {"reference": str(uuid4()), "sku": self.skus[line_id], "quantity": quantity}
        assert self.warehouse.post("/v1/inventory/receipts", receipt).status_code == 201

    def cancel(self, status: int = 200, key: str | None = None, **units: Any) -> Json:
        items = [
            {"line_id": line_id, ("units" if isinstance(wanted, list) else "quantity"): wanted}
            for line_id, wanted in units.items()
        ]
        body = {"items": items, "reason": "customer_changed_mind"}
        answer = self.channel.post(self.path, body, Idempotency_Key=key or str(uuid4()))
        assert answer.status_code == status, answer.text
        return dict(answer.get_json())

    def document(self) -> Json:
        return dict(self.channel.get(f"/v1/orders/{self.order['id']}").get_json())

    def canceled(self) -> list[int]:
        return [item["canceled_quantity"] for item in self.document()["items"]]

    def events(self) -> list[str]:
        page = self.channel.get(f"/v1/orders/{self.order['id']}/history", limit=200).get_json()
        return [event["event"] for event in page["events"]]

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        with transaction() as session:
            known = {"id": self.order["id"], "number": self.order["number"]}
            return [tuple(row) for row in session.execute(text(query), known)]

    def stock(self, line_id: str) -> tuple[int, int]:
        """Units on hand, and how many of them are reserved."""
        [(on_hand, reserved)] = self.sql(f"SELECT on_hand, reserved FROM stock_bins WHERE sku = '{self.skus[line_id]}'")
        return on_hand, reserved

    def pending(self, kind: str) -> list[str]:
        rows = self.sql(
            f"SELECT name FROM outbox WHERE business_key = :number AND state = 'pending' AND kind = '{kind}'"
        )
        return [name for (name,) in rows]

    def hand_over(self, *line_ids: str) -> None:
        hand_to_fulfillment(self.order, *line_ids)

    def notify(self, cancellation_id: str) -> None:
        with transaction() as session:
            order_id, about_id = UUID(self.order["id"]), UUID(cancellation_id)
            notify_customer(session, RELAY, order_id, Notice.ITEM_CANCELED, about_id=about_id)

    def recall(self, cancellation_id: str) -> None:
        """As the relay does."""
        run(RecallUnits(RELAY, UUID(self.order["id"]), UUID(cancellation_id)))
