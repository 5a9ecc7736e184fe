"""Parcels that arrive while other units of the item have not left: the flow waits for those units first."""

from typing import Any
from uuid import uuid4

from order_api.camunda.names import Topic
from tests.factories.flows import STEP_BY_STEP, Flow, work
from tests.fixtures.service import Client


def deliver_one(flow: Flow, warehouse: Client) -> None:
    lines = [{"line_id": flow.order["items"][0]["line_id"], "quantity": 1}]
    body: dict[str, Any] = {"carrier": "dhl", "tracking_number": str(uuid4()), "lines": lines}
    shipment = warehouse.post(f"/v1/orders/{flow.order['id']}/shipments", body).get_json()
    warehouse.post(f"/v1/shipments/{shipment['id']}/deliveries", {})


def capture(flow: Flow) -> str | None:
    code: str | None = work(flow.task(Topic.CAPTURE_PAYMENT, {})).bpmn_error_code
    return code


def test_a_first_parcel_that_arrives_wakes_nobody_and_the_last_one_does(flow: Flow, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    deliver_one(flow, warehouse)
    assert capture(flow) == "units_outstanding"
    meanwhile = flow.waiting_messages()

    deliver_one(flow, warehouse)

    assert capture(flow) is None
    assert (meanwhile, flow.waiting_messages()) == ([], ["item-delivered"])
    flow.walk((Topic.CONFIRM_DELIVERY, {}))


def test_a_parcel_that_arrived_before_the_rest_was_canceled_is_confirmed(flow: Flow, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    deliver_one(flow, warehouse)
    capture(flow)
    given_up = flow.task(Topic.CANCEL_ITEM, {})

    codes = [work(given_up).bpmn_error_code for _ in range(2)]

    assert codes == ["units_shipped", "units_shipped"]
    assert flow.waiting_messages() == ["item-delivered"]
    flow.walk((Topic.CAPTURE_PAYMENT, {}), (Topic.CONFIRM_DELIVERY, {}))
    assert flow.waiting_messages() == []


def test_a_parcel_that_arrives_after_the_rest_was_canceled_is_confirmed(flow: Flow, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    lines = [{"line_id": flow.order["items"][0]["line_id"], "quantity": 1}]
    body = {"carrier": "dhl", "tracking_number": str(uuid4()), "lines": lines}
    shipment = warehouse.post(f"/v1/orders/{flow.order['id']}/shipments", body).get_json()
    work(flow.task(Topic.CANCEL_ITEM, {}))
    flow.walk((Topic.CAPTURE_PAYMENT, {}))

    warehouse.post(f"/v1/shipments/{shipment['id']}/deliveries", {})

    assert flow.waiting_messages() == ["item-delivered"]
