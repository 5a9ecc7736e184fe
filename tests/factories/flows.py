"""The tasks of one order as the engine would hand them out, run without an engine."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from camunda.external_task.external_task import ExternalTask, TaskResult
from sqlalchemy import inspect, text

from order_api.camunda.names import Topic
from order_api.core.database import engine, transaction
from tests.fixtures.service import Client
from workers.runtime.execute import execute
from workers.runtime.registry import handlers

Step = tuple[Topic, dict[str, str]]

STEP_BY_STEP: list[Step] = [
    (Topic.SCREEN_FRAUD, {}),
    (Topic.AUTHORIZE_PAYMENT, {"order-status-after": "ready_to_edit"}),
    (Topic.NOTIFY_CUSTOMER, {"notice": "order_confirmed"}),
    (Topic.FREEZE_ORDER, {"order-status-after": "freeze_edit"}),
    (Topic.UPDATE_STATUS, {"order-status": "gift_wrapping", "status-category": "open"}),
    (Topic.MARK_OVERDUE, {}),
    (Topic.RESERVE_INVENTORY, {"item-status-after": "reserved"}),
    (Topic.SEND_TO_FULFILLMENT, {"item-status-after": "submitted_to_fulfillment"}),
]
AFTER_SHIPPING: list[Step] = [
    (Topic.CAPTURE_PAYMENT, {"item-status-after": "shipped"}),
    (Topic.CONFIRM_DELIVERY, {"item-status-after": "delivered"}),
    (Topic.VOID_PAYMENT, {"closing": "true", "order-status-after": "completed"}),
]
UNDO: list[Step] = [
    (Topic.CANCEL_FULFILLMENT, {}),
    (Topic.RELEASE_INVENTORY, {}),
    (Topic.VOID_PAYMENT, {"order-status-after": "canceled", "item-status-after": "canceled"}),
]
GIVE_UP_PAYMENT: list[Step] = [(Topic.GIVE_UP_PAYMENT, {})]
UNABLE_TO_SHIP: list[Step] = [(Topic.CONFIRM_UNABLE_TO_SHIP, {"item-status-after": "unable_to_ship"})]
CANCEL_ITEM: list[Step] = [(Topic.CANCEL_ITEM, {"item-status-after": "canceled"})]

OF_AN_ITEM = {
    Topic.RESERVE_INVENTORY,
    Topic.SEND_TO_FULFILLMENT,
    Topic.CONFIRM_UNABLE_TO_SHIP,
    Topic.CAPTURE_PAYMENT,
    Topic.CONFIRM_DELIVERY,
    Topic.CANCEL_ITEM,
}

Rows = dict[str, list[str]]


@dataclass
class Flow:
    order: dict[str, Any]
    instance: str = field(default_factory=lambda: str(uuid4()))

    def task(self, topic: Topic, properties: dict[str, str], **variables: Any) -> ExternalTask:
        of_item = topic in OF_AN_ITEM
        names = {"item_id": self.order["items"][0]["id"]} if of_item else {}
        context = {
            "id": str(uuid4()),
            "workerId": "test",
            "topicName": str(topic),
            "activityId": f"task_{topic}",
            "businessKey": self.order["number"],
            "processInstanceId": self.instance,
            "processDefinitionKey": "item-ship-to-home" if of_item else "order-submit",
            "retries": None,
            "extensionProperties": properties,
            "variables": {name: {"value": value} for name, value in (names | variables).items()},
        }
        return ExternalTask(context)

    def walk(self, *steps: Step) -> None:
        for topic, properties in steps:
            result = work(self.task(topic, properties))
            assert result.is_success(), result

    def ship_and_deliver(self, warehouse: Client) -> None:
        lines = [{"line_id": self.order["items"][0]["line_id"], "quantity": 2}]
        body = {"carrier": "dhl", "tracking_number": self.order["id"], "lines": lines}
        shipment = warehouse.post(f"/v1/orders/{self.order['id']}/shipments", body).get_json()
        warehouse.post(f"/v1/shipments/{shipment['id']}/deliveries", {})

    def report_unable(self, warehouse: Client, reason: str = "damaged", **more: str) -> None:
        path = f"/v1/items/{self.order['items'][0]['id']}/unable-to-ship"
        assert warehouse.post(path, {"reason": reason, **more}).status_code == 201

    def leave(self) -> None:
        """The goods have left, but the warehouse has not reported it."""
        left = "UPDATE warehouse_jobs SET shipped_at = now(), parcel = :parcel WHERE order_id = :order_id"
        with transaction() as session:
            session.execute(text(left), {"order_id": self.order["id"], "parcel": f"W-{uuid4().hex[:12]}"})

    def waiting_messages(self) -> list[str]:
        query = "SELECT name FROM outbox WHERE business_key = :business_key AND kind = 'message' AND state = 'pending'"
        with transaction() as session:
            return list(session.scalars(text(query), {"business_key": self.order["number"]}))

    def cancel(self, channel: Client) -> None:
        channel.post(f"/v1/orders/{self.order['id']}/cancellations", {"reason": "changed_mind"})


def work(task: ExternalTask) -> TaskResult:
    result = execute(task, handlers())
    assert result is not None
    return result


def everything() -> Rows:
    """Every row of every table."""
    with engine().connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = {table: connection.execute(text(f'SELECT * FROM "{table}"')) for table in tables}
        return {table: sorted(repr(tuple(row)) for row in found) for table, found in rows.items()}
