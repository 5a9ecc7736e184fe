"""Parcels that arrive while other units of the item have not left: the flow waits for those units first."""

from typing import Any

from order_api.camunda.names import Topic
from tests.factories.flows import CANCEL_ITEM, OF_THE_PARCEL, STEP_BY_STEP, Flow, Step, work
from tests.fixtures.service import Client

CONFIRM_DELIVERY = Step(Topic.CONFIRM_DELIVERY, {})


def deliver_one(flow: Flow, warehouse: Client) -> None:
    """A parcel of one unit leaves, is paid and arrives."""
    flow.ship_and_deliver(warehouse, quantity=1)
    flow.walk(*OF_THE_PARCEL)


def answers(flow: Flow, topic: Topic) -> dict[str, Any]:
    result = work(flow.task(topic, {}))
    assert result.is_success(), result
    return dict(result.global_variables)


def test_only_the_last_parcel_that_arrives_wakes_the_flow(flow: Flow, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    deliver_one(flow, warehouse)
    assert answers(flow, Topic.CONFIRM_SHIPMENT) == {"all_shipped": False, "all_delivered": False}
    meanwhile = flow.waiting_messages()

    deliver_one(flow, warehouse)

    assert answers(flow, Topic.CONFIRM_SHIPMENT) == {"all_shipped": True, "all_delivered": True}
    assert (meanwhile, flow.waiting_messages()) == ([], ["item-delivered"])
    assert answers(flow, Topic.CONFIRM_DELIVERY) == {"all_delivered": True, "all_canceled": False}
    assert flow.waiting_messages() == []


def test_a_parcel_that_arrived_before_the_rest_was_canceled_is_confirmed(flow: Flow, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    deliver_one(flow, warehouse)
    flow.walk(Step(Topic.CONFIRM_SHIPMENT, {}))
    given_up = flow.task(*CANCEL_ITEM[0])

    results = [work(given_up).global_variables for _ in range(2)]

    assert results == [{"units_shipped": True}, {"units_shipped": True}]
    assert flow.waiting_messages() == ["item-delivered"]
    assert answers(flow, Topic.CONFIRM_SHIPMENT) == {"all_shipped": True, "all_delivered": True}
    flow.walk(CONFIRM_DELIVERY)
    assert flow.waiting_messages() == []


def test_a_parcel_that_arrives_after_the_rest_was_canceled_is_confirmed(flow: Flow, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    shipment_id = flow.ship(warehouse, quantity=1)
    flow.walk(*OF_THE_PARCEL, *CANCEL_ITEM)
    assert answers(flow, Topic.CONFIRM_SHIPMENT) == {"all_shipped": True, "all_delivered": False}

    warehouse.post(f"/v1/shipments/{shipment_id}/deliveries", {})

    assert flow.waiting_messages() == ["item-delivered"]
