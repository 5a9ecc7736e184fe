"""Every topic's task worked twice under one id: the second time, as after a death before the report, does nothing."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from camunda.external_task.external_task import ExternalTask, TaskResult
from sqlalchemy import inspect, text

from order_api.camunda.names import Topic
from order_api.core.database import engine
from tests.factories.orders import line
from tests.fixtures.service import Client
from workers.runtime.execute import execute
from workers.runtime.registry import handlers

STEP_BY_STEP = [
    (Topic.SCREEN_FRAUD, {}),
    (Topic.AUTHORIZE_PAYMENT, {"order-status-after": "ready_to_edit"}),
    (Topic.NOTIFY_CUSTOMER, {"notice": "order_confirmed"}),
    (Topic.FREEZE_ORDER, {"order-status-after": "freeze_edit"}),
    (Topic.UPDATE_STATUS, {"order-status": "gift_wrapping", "status-category": "open"}),
    (Topic.MARK_OVERDUE, {}),
    (Topic.RESERVE_INVENTORY, {"item-status-after": "reserved"}),
    (Topic.SEND_TO_FULFILLMENT, {"item-status-after": "submitted_to_fulfillment"}),
]
AFTER_SHIPPING = [
    (Topic.CAPTURE_PAYMENT, {"item-status-after": "shipped"}),
    (Topic.CONFIRM_DELIVERY, {"item-status-after": "delivered"}),
    (Topic.VOID_PAYMENT, {"order-status-after": "completed"}),
]
UNDO = [
    (Topic.CANCEL_FULFILLMENT, {}),
    (Topic.RELEASE_INVENTORY, {}),
    (Topic.VOID_PAYMENT, {"order-status-after": "canceled", "item-status-after": "canceled"}),
]
GIVE_UP_ITEM = [(Topic.CANCEL_ITEM, {"item-status-after": "canceled"})]


@dataclass
class Flow:
    """Works tasks of one order as the engine would hand them out, without an engine."""

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
            "businessKey": self.order["id"],
            "processInstanceId": self.instance,
            "processDefinitionKey": "item-ship-to-home" if of_item else "order-submit",
            "retries": None,
            "extensionProperties": properties,
            "variables": {name: {"value": value} for name, value in (names | variables).items()},
        }
        return ExternalTask(context)


OF_AN_ITEM = {
    Topic.RESERVE_INVENTORY,
    Topic.SEND_TO_FULFILLMENT,
    Topic.CAPTURE_PAYMENT,
    Topic.CONFIRM_DELIVERY,
    Topic.CANCEL_ITEM,
}


def everything() -> dict[str, list[str]]:
    with engine().connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = {table: connection.execute(text(f'SELECT * FROM "{table}"')) for table in tables}
        return {table: sorted(repr(tuple(row)) for row in found) for table, found in rows.items()}


def work(task: ExternalTask) -> TaskResult:
    result = execute(task, handlers())
    assert result is not None
    return result


def work_twice(flow: Flow, topic: Topic, properties: dict[str, str]) -> None:
    task = flow.task(topic, properties)
    first = work(task)
    before = everything()

    second = work(task)

    assert first.is_success(), first
    assert str(second) == str(first)
    assert {t: rows for t, rows in everything().items() if rows != before[t]} == {}, f"{topic} changed something again"


@pytest.fixture
def flow(channel: Client, warehouse: Client) -> Flow:
    sku = f"TWICE-{uuid4().hex[:8]}"
    receipt = {"reference": sku, "sku": sku, "quantity": 10}
    assert warehouse.post("/v1/inventory/receipts", receipt).status_code == 201
    return Flow(channel.place(line("10.00", 2, sku=sku)))


def ship_and_deliver(flow: Flow, warehouse: Client) -> None:
    lines = [{"item_id": flow.order["items"][0]["id"], "quantity": 2}]
    body = {"carrier": "dhl", "tracking_number": flow.order["id"], "lines": lines}
    shipment = warehouse.post(f"/v1/orders/{flow.order['id']}/shipments", body).get_json()
    warehouse.post(f"/v1/shipments/{shipment['id']}/deliveries", {})


def test_the_tasks_of_a_fulfilled_order_change_nothing_the_second_time(flow: Flow, warehouse: Client) -> None:
    for topic, properties in STEP_BY_STEP:
        work_twice(flow, topic, properties)
    ship_and_deliver(flow, warehouse)

    for topic, properties in AFTER_SHIPPING:
        work_twice(flow, topic, properties)


def test_the_tasks_of_an_undo_change_nothing_the_second_time(flow: Flow, channel: Client) -> None:
    for topic, properties in STEP_BY_STEP:
        work(flow.task(topic, properties))
    channel.post(f"/v1/orders/{flow.order['id']}/cancellations", {"reason": "changed_mind"})

    for topic, properties in UNDO:
        work_twice(flow, topic, properties)


def test_an_item_is_given_up_once(flow: Flow) -> None:
    for topic, properties in STEP_BY_STEP:
        work(flow.task(topic, properties))

    for topic, properties in GIVE_UP_ITEM:
        work_twice(flow, topic, properties)


def test_every_topic_is_worked_twice_here_or_on_the_engine() -> None:
    here = {topic for topic, _ in (*STEP_BY_STEP, *AFTER_SHIPPING, *UNDO, *GIVE_UP_ITEM)}

    assert set(Topic) - here == {Topic.RECORD_DECISION}, "record-decision asks the engine: tests/process"


def test_a_task_of_an_order_being_canceled_is_left_alone(flow: Flow, channel: Client) -> None:
    channel.post(f"/v1/orders/{flow.order['id']}/cancellations", {"reason": "changed_mind"})
    before = everything()

    result = execute(flow.task(Topic.AUTHORIZE_PAYMENT, {}), handlers())

    assert result is None
    changed = [table for table, rows in everything().items() if rows != before[table]]
    assert changed == ["orders"], "only the process is bound"


def test_a_late_task_turns_no_status_back(flow: Flow, channel: Client) -> None:
    late = flow.task(Topic.UPDATE_STATUS, {"order-status": "on_hold"})
    work(late)
    work(flow.task(Topic.UPDATE_STATUS, {"order-status": "ready_to_edit"}))

    work(late)

    assert channel.get(f"/v1/orders/{flow.order['id']}").get_json()["status"] == "ready_to_edit"


def test_a_canceled_order_stays_canceled(flow: Flow, channel: Client) -> None:
    work(flow.task(Topic.UPDATE_STATUS, {"order-status-after": "canceled"}))

    work(flow.task(Topic.UPDATE_STATUS, {"order-status-after": "completed"}))

    assert channel.get(f"/v1/orders/{flow.order['id']}").get_json()["status"] == "canceled"
