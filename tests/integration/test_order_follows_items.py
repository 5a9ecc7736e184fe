"""The order's status follows its units, and a restarted process does not set a status back."""

from uuid import uuid4

import pytest

from order_api.camunda.names import Process, Topic
from order_api.core.database import transaction
from order_api.progress.processes import rebind
from tests.factories.flows import STEP_BY_STEP, Flow, Step, work
from tests.factories.orders import Json, line
from tests.fixtures.service import Client

STEPS_OF_AN_ITEM = [
    (Topic.RESERVE_INVENTORY, "reserved"),
    (Topic.SEND_TO_FULFILLMENT, "submitted_to_fulfillment"),
]


@pytest.fixture
def flow(channel: Client, warehouse: Client) -> Flow:
    """An order of two units of one line and one of another, which are in stock."""
    sku = f"FLOW-{uuid4().hex[:8]}"
    assert warehouse.post("/v1/inventory/receipts", {"reference": sku, "sku": sku, "quantity": 10}).status_code == 201
    return Flow(channel.place(line("10.00", 2, line_id="1", sku=sku), line("10.00", 1, line_id="2", sku=sku)))


def status(flow: Flow, channel: Client) -> str:
    return str(channel.get(f"/v1/orders/{flow.order['id']}").get_json()["status"])


def changes(flow: Flow, channel: Client) -> list[str]:
    """The statuses of the order one after the other."""
    events = channel.get(f"/v1/orders/{flow.order['id']}/history", limit="100").get_json()["events"]
    return [event["after"] for event in events if event["event"] == "order.status_changed"]


def ship(flow: Flow, warehouse: Client, **units: int) -> Json:
    lines = [{"line_id": line_id.strip("_"), "quantity": quantity} for line_id, quantity in units.items()]
    body = {"carrier": "dhl", "tracking_number": str(uuid4()), "lines": lines}
    answer = warehouse.post(f"/v1/orders/{flow.order['id']}/shipments", body)
    assert answer.status_code == 201, answer.get_json()
    return dict(answer.get_json())


def send(flow: Flow) -> None:
    for item in flow.order["items"]:
        for topic, item_status in STEPS_OF_AN_ITEM:
            result = work(flow.task(topic, {"item-status-after": item_status}, item_id=item["id"]))
            assert result.is_success(), result


def test_the_status_follows_the_units_from_fulfillment_to_delivery(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    flow.walk(*STEP_BY_STEP[:4])
    send(flow)
    first = ship(flow, warehouse, _1=1)
    second = ship(flow, warehouse, _1=1, _2=1)
    for parcel in (first, second):
        warehouse.post(f"/v1/shipments/{parcel['id']}/deliveries", {})

    assert changes(flow, channel)[-5:] == [
        "submitted_to_fulfillment",
        "partially_shipped",
        "shipped",
        "partially_delivered",
        "delivered",
    ]


@pytest.mark.parametrize(
    ("own", "after"), [("gift_wrapping", "shipped"), ("on_hold", "on_hold")], ids=["a designer's", "a hold"]
)
def test_a_status_of_the_model_stays_until_the_next_milestone_and_a_hold_stays_after_it(
    flow: Flow, channel: Client, warehouse: Client, own: str, after: str
) -> None:
    flow.walk(*STEP_BY_STEP[:4])
    send(flow)
    ship(flow, warehouse, _1=1)
    flow.walk(Step(Topic.UPDATE_STATUS, {"order-status": own}))

    ship(flow, warehouse, _1=1)
    until_all_left = status(flow, channel)
    ship(flow, warehouse, _2=1)

    assert (until_all_left, status(flow, channel)) == (own, after)


def test_a_restarted_process_does_not_set_the_status_back_and_then_goes_on(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    flow.walk(*STEP_BY_STEP[:4])
    send(flow)
    ship(flow, warehouse, _1=2)
    before = read(flow, channel)
    with transaction() as session:
        rebind(session, flow.order["number"], Process.ORDER_SUBMIT, None)

    anew = Flow(flow.order)
    anew.walk(*STEP_BY_STEP[:4])
    send(anew)
    after = read(flow, channel)
    anew.walk(Step(Topic.UPDATE_STATUS, {"order-status": "gift_wrapping"}))

    assert before == after == ("partially_shipped", ["submitted_to_fulfillment"] * 2)
    assert status(flow, channel) == "gift_wrapping"


def test_within_one_process_a_step_that_is_reached_again_shows_its_status_again(flow: Flow, channel: Client) -> None:
    step = Step(Topic.UPDATE_STATUS, {"order-status": "on_hold"})
    flow.walk(step)
    flow.walk(Step(Topic.AUTHORIZE_PAYMENT, {"order-status-after": "ready_to_edit"}))

    flow.walk(step)

    assert status(flow, channel) == "on_hold"


def read(flow: Flow, channel: Client) -> tuple[str, list[str]]:
    order = channel.get(f"/v1/orders/{flow.order['id']}").get_json()
    return order["status"], [item["status"] for item in order["items"]]
