"""The undo of an order: open requests, late tasks and the messages that it sends or drops."""

from uuid import UUID, uuid4

import pytest

from order_api.camunda.names import Message
from order_api.core import clock
from order_api.core.database import transaction
from order_api.fraud_reviews.models import FraudScreening, ScreeningStatus
from order_api.fraud_reviews.screen import withdraw_screening
from order_api.orders.models import Order
from order_api.outbox import announce
from order_api.payments.errors import PaymentDeclined
from tests.factories.flows import AFTER_SHIPPING, STEP_BY_STEP, UNDO, Flow, work
from tests.factories.stories import begin_undo, close_order
from tests.fixtures.service import Client


def test_a_score_that_was_still_asked_for_is_withdrawn(channel: Client) -> None:
    order_id = UUID(channel.place()["id"])
    with transaction() as session:
        session.add(FraudScreening(order_id=order_id, status=ScreeningStatus.REQUESTED, requested_at=clock.now()))

    with transaction() as session:
        withdraw_screening(session, session.get_one(Order, order_id))

    with transaction() as session:
        assert session.query(FraudScreening).filter_by(order_id=order_id).one().status == ScreeningStatus.WITHDRAWN


def test_a_task_of_an_unknown_order_becomes_an_incident(flow: Flow) -> None:
    """Its process is not deleted as a twin: after a backup is restored, it may be the only trace of a paid order."""
    of_a_lost_order = Flow({**flow.order, "number": "LOST-ORDER"})

    result = work(of_a_lost_order.task(*STEP_BY_STEP[0]))

    assert (result.is_failure(), result.retries) == (True, 0)
    assert result.error_message == "The business key of this task is 'LOST-ORDER', but no order has this number."


def test_what_left_in_spite_of_a_cancellation_wakes_no_flow_of_an_item(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    """A person may hold the order for days; meanwhile no flow of its items is left to wake."""
    flow.walk(*STEP_BY_STEP)
    flow.report_unable(warehouse)
    flow.leave()
    flow.cancel(channel)
    flow.walk(UNDO[0])

    result = work(flow.task(*UNDO[1]))
    [parcel] = channel.get(f"/v1/orders/{flow.order['id']}").get_json()["shipments"]
    warehouse.post(f"/v1/shipments/{parcel['id']}/deliveries", {})

    assert result.bpmn_error_code == "too_late"
    assert flow.waiting_messages() == ["parcel-left"], "the order's own flow settles what left"


def test_the_cancellation_is_sent_again_when_a_task_still_comes_after_it(flow: Flow, channel: Client) -> None:
    """The process was restarted, or the engine was restored from an older backup."""
    flow.cancel(channel)
    with transaction() as session:
        announce.drop_wake_ups(session, flow.order["number"], [Message.CANCEL_ORDER])

    results = [work(flow.task(*STEP_BY_STEP[0])) for _ in range(2)]

    assert [(result.is_failure(), result.retries) for result in results] == [(True, 5), (True, 5)]
    assert flow.waiting_messages() == ["cancel-order"]


def test_an_order_says_when_its_undo_began_and_when_it_ended(flow: Flow, channel: Client) -> None:
    flow.cancel(channel)
    asked = undo_of(flow, channel)
    flow.walk(UNDO[0])
    running = undo_of(flow, channel)
    flow.walk(*UNDO[1:])
    ended = undo_of(flow, channel)

    assert asked == (None, None)
    assert (running[0] is not None, running[1]) == (True, None)
    assert ended[0] == running[0]
    assert str(ended[1]) >= str(ended[0])
    assert ended[1] is not None


def undo_of(flow: Flow, channel: Client) -> tuple[str | None, str | None]:
    order = channel.get(f"/v1/orders/{flow.order['id']}").get_json()
    return order["undo_began_at"], order["undo_ended_at"]


def test_a_release_that_the_gateway_declines_leaves_the_undo_open(channel: Client) -> None:
    flow = Flow(
        channel.place(tenders=[{"type": "card", "token": f"tok_decline_void_once:{uuid4()}", "amount": "10.00"}])
    )
    flow.walk(*STEP_BY_STEP[:2])
    flow.cancel(channel)
    flow.walk(*UNDO[:3])

    with pytest.raises(PaymentDeclined):
        close_order(channel.company.actor, UUID(flow.order["id"]))

    assert undo_of(flow, channel)[1] is None


def test_the_undo_begins_once(flow: Flow, channel: Client) -> None:
    order_id = UUID(flow.order["id"])
    begin_undo(channel.company.actor, order_id)
    first = undo_of(flow, channel), history(flow, channel)

    begin_undo(channel.company.actor, order_id)

    assert (undo_of(flow, channel), history(flow, channel)) == first
    assert first[1] == ["order.placed", "order.given_up"]


def history(flow: Flow, channel: Client) -> list[str]:
    events = channel.get(f"/v1/orders/{flow.order['id']}/history").get_json()["events"]
    return [event["event"] for event in events]


def test_the_beginning_of_the_undo_ends_the_waits_of_the_items(flow: Flow, channel: Client, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.report_unable(warehouse)
    flow.cancel(channel)
    assert flow.waiting_messages() == ["item-unable-to-ship", "cancel-order"]

    flow.walk(UNDO[0])

    assert flow.waiting_messages() == []


def test_a_late_task_during_a_running_undo_uses_up_its_tries(flow: Flow, channel: Client) -> None:
    flow.walk(STEP_BY_STEP[0])
    flow.cancel(channel)
    flow.walk(UNDO[0])

    late = work(flow.task(*STEP_BY_STEP[1]))

    assert (late.is_failure(), late.retries) == (True, 4)


def test_a_late_task_during_a_running_undo_does_not_send_the_cancellation_again(flow: Flow, channel: Client) -> None:
    flow.cancel(channel)
    flow.walk(UNDO[0])

    late = work(flow.task(*STEP_BY_STEP[0]))

    assert late.error_message == f"{flow.order['number']} is being undone, because its cancellation was requested."
    assert flow.waiting_messages() == []


def test_a_report_about_the_rest_of_an_item_is_dropped_when_the_rest_has_shipped(flow: Flow, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.report_unable(warehouse)
    flow.ship_and_deliver(warehouse)

    flow.walk(AFTER_SHIPPING[0])

    assert flow.waiting_messages() == ["parcel-left", "item-delivered"]


def test_a_release_that_the_gateway_declined_is_asked_for_anew_when_an_operator_retries_the_task(
    channel: Client,
) -> None:
    """The engine hands out a retried task under its old id; that must not leave money held."""
    flow = Flow(
        channel.place(tenders=[{"type": "card", "token": f"tok_decline_void_once:{uuid4()}", "amount": "10.00"}])
    )
    flow.walk(*STEP_BY_STEP[:2])
    flow.cancel(channel)
    release = flow.task(*UNDO[3])
    declined = work(release)

    retried = work(release)

    assert (declined.is_failure(), declined.retries, retried.is_success()) == (True, 0, True)
    payments = channel.get(f"/v1/orders/{flow.order['id']}").get_json()["payments"]
    assert [(p["kind"], p["status"]) for p in payments] == [
        ("authorize", "done"),
        ("void", "declined"),
        ("void", "done"),
    ]
