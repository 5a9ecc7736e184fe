"""The cost of an item's task does not grow with the order: otherwise 500 tasks would each read 500 items."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from order_api.camunda.names import Topic
from order_api.orders.models.item import OrderItem
from tests.factories.flows import Flow, work
from tests.factories.orders import line
from tests.fixtures.service import Client

OF_ONE_ITEM = [
    (Topic.RESERVE_INVENTORY, {"item-status-after": "reserved"}),
    (Topic.SEND_TO_FULFILLMENT, {"item-status-after": "submitted_to_fulfillment"}),
    (Topic.CONFIRM_DELIVERY, {"item-status-after": "delivered"}),
]


@contextmanager
def loaded_items() -> Iterator[set[str]]:
    """The skus of all items read from the database inside the block."""
    skus: set[str] = set()

    def note(item: OrderItem, _: object) -> None:
        skus.add(item.sku)

    event.listen(OrderItem, "load", note)
    try:
        yield skus
    finally:
        event.remove(OrderItem, "load", note)


@pytest.mark.parametrize(("topic", "properties"), OF_ONE_ITEM)
def test_a_task_of_one_item_reads_no_other(channel: Client, topic: Topic, properties: dict[str, str]) -> None:
    order = channel.place(*[line(line_id=str(number)) for number in range(1, 21)])
    task = Flow(order).task(topic, properties)

    with loaded_items() as skus:
        work(task)

    assert skus == {"SKU-1"}
