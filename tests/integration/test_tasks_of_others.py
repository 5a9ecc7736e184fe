"""A person who completes a user task can change variables: tasks refuse an item or parcel of another order."""

from typing import Any
from uuid import uuid4

import pytest
from camunda.external_task.external_task import ExternalTask, TaskResult

from order_api.camunda.names import Topic
from tests.factories.money import Money
from tests.factories.orders import line
from tests.fixtures.service import Client
from workers.runtime.execute import execute
from workers.runtime.registry import handlers

Json = dict[str, Any]
OF_ONE_ITEM = [
    (Topic.REAUTHORIZE_PAYMENT, {}),
    (Topic.RESERVE_INVENTORY, {}),
    (Topic.RELEASE_INVENTORY, {}),
    (Topic.SEND_TO_FULFILLMENT, {}),
    (Topic.CANCEL_FULFILLMENT, {}),
    (Topic.CONFIRM_SHIPMENT, {}),
    (Topic.CONFIRM_UNABLE_TO_SHIP, {}),
    (Topic.CONFIRM_DELIVERY, {}),
    (Topic.MARK_OVERDUE, {}),
    (Topic.CANCEL_ITEM, {}),
    (Topic.NOTIFY_CUSTOMER, {"notice": "item_canceled"}),
    (Topic.UPDATE_STATUS, {"item-status": "reserved"}),
    (Topic.UPDATE_STATUS, {"item-status-after": "canceled"}),
]


def work(order: Json, topic: Topic, properties: dict[str, str], **ids: str | None) -> TaskResult:
    context = {
        "id": str(uuid4()),
        "topicName": str(topic),
        "activityId": "task_under_test",
        "businessKey": order["number"],
        "processInstanceId": str(uuid4()),
        "processDefinitionKey": "item-ship-to-home",
        "retries": None,
        "extensionProperties": properties,
        "variables": {name: {"value": value} for name, value in ids.items()} | {"order_id": {"value": str(uuid4())}},
    }
    result = execute(ExternalTask(context), handlers())
    assert result is not None
    return result


def seen(channel: Client, order: Json) -> list[Any]:
    path = f"/v1/orders/{order['id']}"
    return [channel.get(path).get_json(), channel.get(f"{path}/history").get_json()]


@pytest.mark.parametrize(("topic", "properties"), OF_ONE_ITEM)
def test_an_item_of_another_order_is_refused_and_left_alone(
    channel: Client, topic: Topic, properties: dict[str, str]
) -> None:
    mine, other = channel.place(line()), channel.place(line())
    before, item = seen(channel, other), other["items"][0]["id"]

    result = work(mine, topic, properties, item_id=item)

    assert (result.is_failure(), result.retries) == (True, 0)
    assert result.error_message == f"item_not_found: The order {mine['number']} has no item {item}."
    assert seen(channel, other) == before


OF_ONE_PARCEL = [
    (Topic.CAPTURE_PAYMENT, {}),
    (Topic.WRITE_OFF, {}),
    (Topic.NOTIFY_CUSTOMER, {"notice": "item_shipped"}),
    (Topic.MARK_OVERDUE, {}),
]


@pytest.mark.parametrize(("topic", "properties"), OF_ONE_PARCEL)
def test_a_parcel_of_another_order_is_refused_and_left_alone(
    channel: Client, topic: Topic, properties: dict[str, str]
) -> None:
    mine, other = channel.place(line()), Money(channel, channel.place(line(line_id="A")))
    other.authorize()
    parcel = other.ship(A=1)
    before = seen(channel, {"id": other.id}), seen(channel, mine)

    result = work(mine, topic, properties, shipment_id=str(parcel))

    assert (result.is_failure(), result.retries) == (True, 0)
    assert result.error_message == f"parcel_not_found: {mine['number']} has no parcel {parcel}."
    assert (seen(channel, {"id": other.id}), seen(channel, mine)) == before


@pytest.mark.parametrize("topic", [t for t, handler in handlers().items() if handler.needs_item])
def test_a_task_about_one_item_is_not_worked_without_it(channel: Client, topic: Topic) -> None:
    order = channel.place(line())
    before = seen(channel, order)

    result = work(order, topic, {}, item_id=None)

    assert (result.is_failure(), result.retries) == (True, 0)
    assert result.error_message == "This task is about one item but has no variable item_id."
    assert seen(channel, order) == before


def test_every_topic_that_may_be_given_an_item_is_tried_here() -> None:
    takes_an_item = {topic for topic, handler in handlers().items() if "item_id" in handler.parameters}

    tried = {topic for topic, _ in OF_ONE_ITEM}
    assert (takes_an_item | {Topic.UPDATE_STATUS}) - tried == {Topic.RECORD_DECISION}, "record-decision asks the engine"


def test_every_topic_that_may_be_given_a_parcel_is_tried_here() -> None:
    takes_a_parcel = {topic for topic, handler in handlers().items() if "shipment_id" in handler.parameters}

    tried = {topic for topic, _ in OF_ONE_PARCEL}
    assert takes_a_parcel - tried == {Topic.RECORD_DECISION}, "record-decision asks the engine"
