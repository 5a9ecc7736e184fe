"""A task that completes with its work unfinished says so in its variables and sets no `…-after` status."""

from collections.abc import Callable

import pytest

from order_api.camunda.names import Topic
from tests.factories.flows import AFTER_SHIPPING, CANCEL_ITEM, STEP_BY_STEP, UNABLE_TO_SHIP, Flow, Step, work
from tests.fixtures.service import Client

Begin = Callable[[Flow, Client], object]

CONFIRM_SHIPMENT, CONFIRM_DELIVERY = (
    next(step for step in AFTER_SHIPPING if step.topic == topic)
    for topic in (Topic.CONFIRM_SHIPMENT, Topic.CONFIRM_DELIVERY)
)
CLOSE_ORDER = Step(Topic.CLOSE_ORDER, {"order-status-after": "archived", "status-category": "done"})


def one_shipped(flow: Flow, warehouse: Client) -> None:
    flow.ship(warehouse, quantity=1)


def all_units_shipped(flow: Flow, warehouse: Client) -> None:
    flow.ship(warehouse)


def nothing_reported(flow: Flow, warehouse: Client) -> None:
    pass


WITHOUT_STATUS: list[tuple[Begin, Step, dict[str, bool | str]]] = [
    (one_shipped, CONFIRM_SHIPMENT, {"all_shipped": False, "all_delivered": False}),
    (all_units_shipped, CONFIRM_DELIVERY, {"all_delivered": False, "all_canceled": False}),
    (one_shipped, CANCEL_ITEM[0], {"units_shipped": True}),
    (nothing_reported, UNABLE_TO_SHIP[0], {"unable_to_ship": False}),
    (all_units_shipped, CLOSE_ORDER, {"unsettled": True, "unexplained": False, "money_difference": ""}),
]


@pytest.mark.parametrize(("begin", "step", "answer"), WITHOUT_STATUS, ids=[step.topic for _, step, _ in WITHOUT_STATUS])
def test_unfinished_work_sets_its_variables_and_no_status(
    flow: Flow, channel: Client, warehouse: Client, begin: Begin, step: Step, answer: dict[str, bool | str]
) -> None:
    flow.walk(*STEP_BY_STEP)
    begin(flow, warehouse)

    result = work(flow.task(*step))

    assert (result.is_success(), result.global_variables) == (True, answer)
    assert set(statuses(flow, channel)).isdisjoint(step.properties.values())


def test_finished_work_sets_its_variables_and_its_status(flow: Flow, channel: Client, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.ship(warehouse)

    result = work(flow.task(*CONFIRM_SHIPMENT))

    assert result.global_variables == {"all_shipped": True, "all_delivered": False}
    assert statuses(flow, channel) == ("shipped", "shipped")


def test_an_item_of_which_no_unit_shipped_gets_the_status_canceled(flow: Flow, channel: Client) -> None:
    flow.walk(*STEP_BY_STEP)

    result = work(flow.task(*CANCEL_ITEM[0]))

    assert result.global_variables == {"units_shipped": False}
    assert statuses(flow, channel)[1] == "canceled"


def statuses(flow: Flow, channel: Client) -> tuple[str, str]:
    """The status of the order and the status of its item."""
    order = channel.get(f"/v1/orders/{flow.order['id']}").get_json()
    return order["status"], order["items"][0]["status"]
