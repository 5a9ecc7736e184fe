"""Which waits make an order overdue, and when the mark ends."""

import pytest

from order_api.camunda.names import Topic
from order_api.core.database import transaction
from order_api.orders import repository
from order_api.progress.wait import end_wait
from tests.factories.flows import CANCEL_ITEM, OF_THE_PARCEL, STEP_BY_STEP, UNDO, About, Flow, Step, work
from tests.factories.orders import Json, line
from tests.factories.returns import request_return_process, return_of
from tests.fixtures.service import Client


@pytest.fixture
def two_items(channel: Client) -> Flow:
    return Flow(channel.place(line("10.00", line_id="1"), line("10.00", line_id="2")))


def mark(flow: Flow, item: int | None = None) -> None:
    variables = {} if item is None else {"item_id": flow.order["items"][item]["id"]}
    assert work(flow.task(Topic.MARK_OVERDUE, {}, **variables)).is_success()


def go_on(flow: Flow, item: int) -> None:
    """The delivery of the item is confirmed."""
    task = flow.task(Topic.CONFIRM_DELIVERY, {}, item_id=flow.order["items"][item]["id"])
    assert work(task).is_success()


def read(flow: Flow, channel: Client) -> Json:
    return dict(channel.get(f"/v1/orders/{flow.order['id']}").get_json())


def test_an_order_is_overdue_until_the_flow_that_waited_goes_on(two_items: Flow, channel: Client) -> None:
    mark(two_items, item=0)
    waiting = read(two_items, channel)

    go_on(two_items, item=0)

    assert waiting["overdue_at"] is not None
    assert read(two_items, channel)["overdue_at"] is None
    assert read(two_items, channel)["version"] == waiting["version"] + 1


def test_an_order_is_overdue_while_another_of_its_items_is(two_items: Flow, channel: Client) -> None:
    mark(two_items, item=0)
    mark(two_items, item=1)

    go_on(two_items, item=0)

    assert read(two_items, channel)["overdue_at"] is not None
    go_on(two_items, item=1)
    assert read(two_items, channel)["overdue_at"] is None


def test_an_item_that_goes_on_in_time_leaves_the_mark_of_another(two_items: Flow, channel: Client) -> None:
    mark(two_items, item=0)
    marked = read(two_items, channel)

    go_on(two_items, item=1)

    assert read(two_items, channel)["overdue_at"] == marked["overdue_at"]
    assert read(two_items, channel)["version"] == marked["version"]


@pytest.mark.parametrize("step", [UNDO[0], CANCEL_ITEM[0]], ids=["undo", "item"])
def test_what_is_given_up_is_not_overdue(flow: Flow, channel: Client, step: Step) -> None:
    mark(flow, item=0)

    flow.walk(step)

    assert read(flow, channel)["overdue_at"] is None


def test_a_mark_that_comes_after_the_item_was_given_up_is_ignored(flow: Flow, channel: Client) -> None:
    flow.cancel(channel)
    flow.walk(UNDO[0])

    mark(flow, item=0)

    assert read(flow, channel)["overdue_at"] is None


def test_a_closed_order_is_never_overdue(flow: Flow, channel: Client) -> None:
    flow.cancel(channel)
    flow.walk(*UNDO)

    mark(flow)

    assert read(flow, channel)["overdue_at"] is None


def test_closing_an_order_ends_a_mark_that_came_late(flow: Flow, channel: Client, warehouse: Client) -> None:
    """The timer fired just before the goods arrived, and the worker that sets the mark was slow."""
    flow.walk(*STEP_BY_STEP)
    flow.ship_and_deliver(warehouse)
    flow.walk(*OF_THE_PARCEL, Step(Topic.CONFIRM_DELIVERY, {}))
    mark(flow, item=0)

    flow.walk(Step(Topic.CLOSE_ORDER, {}))

    assert read(flow, channel)["overdue_at"] is None


def test_the_history_names_the_wait_that_is_overdue(flow: Flow, channel: Client) -> None:
    work(flow.task(Topic.MARK_OVERDUE, {}, overdue_wait="wait_for_shipment"))

    [event] = [row for row in history(flow, channel) if row["event"] == "order.overdue"]
    assert event["reason"] == "wait_for_shipment"


def test_a_parcel_is_overdue_until_it_is_paid_even_if_other_parcels_go_on(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.ship_and_deliver(warehouse)
    flow.walk(Step(Topic.MARK_OVERDUE, {}, About.PARCEL))

    flow.walk(Step(Topic.CONFIRM_SHIPMENT, {}), Step(Topic.CONFIRM_DELIVERY, {}), Step(Topic.CLOSE_ORDER, {}))
    meanwhile = read(flow, channel)["overdue_at"]
    flow.walk(Step(Topic.CAPTURE_PAYMENT, {}))

    assert meanwhile is not None
    assert read(flow, channel)["overdue_at"] is None


def test_a_parcel_that_is_paid_leaves_the_mark_of_its_item(flow: Flow, channel: Client, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.ship(warehouse)
    mark(flow, item=0)

    flow.walk(Step(Topic.CAPTURE_PAYMENT, {}))

    assert read(flow, channel)["overdue_at"] is not None


def history(flow: Flow, channel: Client) -> list[Json]:
    return list(channel.get(f"/v1/orders/{flow.order['id']}/history", limit="100").get_json()["events"])


def test_a_wait_of_a_return_marks_its_process_and_not_the_order(two_items: Flow, channel: Client) -> None:
    goods = return_of(two_items.order)
    with transaction() as session:
        request_return_process(session, goods)
    mark(Flow(two_items.order | {"number": goods.number}))
    marked = read(two_items, channel)

    with transaction() as session:
        order = repository.get_for_update(session, channel.company.actor, goods.order_id)
        end_wait(session, channel.company.actor, order, None, subject=goods)

    assert (marked["overdue_at"], of_processes(marked)) == (None, [False, True])
    assert of_processes(read(two_items, channel)) == [False, False]
    events = channel.get(f"/v1/orders/{two_items.order['id']}/history").get_json()["events"][-2:]
    assert [(event["event"], event["details"]["about"]) for event in events] == [
        ("order.overdue", goods.number),
        ("order.overdue_ended", goods.number),
    ]


def test_the_end_of_a_wait_of_a_return_leaves_the_marks_of_the_order(two_items: Flow, channel: Client) -> None:
    goods = return_of(two_items.order)
    mark(two_items, item=0)

    with transaction() as session:
        order = repository.get_for_update(session, channel.company.actor, goods.order_id)
        end_wait(session, channel.company.actor, order, None, subject=goods)

    assert read(two_items, channel)["overdue_at"] is not None


def of_processes(order: Json) -> list[bool]:
    return [process["overdue_at"] is not None for process in order["processes"]]
