"""A process that is started anew repeats no work, and gets the cancellation again if the order was undone."""

import pytest
from sqlalchemy import text

from order_api.camunda.names import Process, Topic
from order_api.core.database import transaction
from order_api.progress.processes import rebind
from tests.factories.flows import (
    AFTER_SHIPPING,
    BEFORE_ITEMS,
    CANCEL_ITEM,
    GIVE_UP_PAYMENT,
    STEP_BY_STEP,
    UNABLE_TO_SHIP,
    UNDO,
    About,
    Flow,
    Rows,
    Step,
    everything,
    work,
)
from tests.fixtures.service import Client
from workers.runtime.execute import execute
from workers.runtime.registry import handlers

OF_THE_PROCESS = {"subject_processes", "shown_statuses", "task_effects"}
"""Tables about process instances and their tasks."""
BACKORDERED = Step(Topic.NOTIFY_CUSTOMER, {"notice": "item_backordered"}, About.ITEM)


def start_anew(flow: Flow) -> Flow:
    with transaction() as session:
        rebind(session, flow.order["number"], Process.ORDER_SUBMIT, None)
    return Flow(flow.order)


def changed(before: Rows) -> set[str]:
    """The tables with other rows than before."""
    return {table for table, rows in everything().items() if rows != before[table]} - OF_THE_PROCESS


def test_a_completed_order_passes_every_step_again_and_nothing_changes(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.ship_and_deliver(warehouse)
    flow.walk(*AFTER_SHIPPING)
    before = everything()

    start_anew(flow).walk(*STEP_BY_STEP, *AFTER_SHIPPING)

    assert changed(before) == set()
    assert channel.get(f"/v1/orders/{flow.order['id']}").get_json()["status"] == "completed"


def test_an_order_whose_item_was_canceled_passes_its_steps_again_and_nothing_changes(
    flow: Flow, channel: Client
) -> None:
    steps = [*STEP_BY_STEP, *CANCEL_ITEM, Step(Topic.CLOSE_ORDER, {})]
    flow.walk(*steps)
    before = everything()

    start_anew(flow).walk(*steps)

    assert changed(before) == set()
    assert channel.get(f"/v1/orders/{flow.order['id']}").get_json()["status"] == "canceled"


def test_a_completed_order_is_neither_undone_nor_given_up(flow: Flow, warehouse: Client) -> None:
    """A changed decision table may judge the old order differently than the first time."""
    flow.walk(*STEP_BY_STEP)
    flow.ship_and_deliver(warehouse)
    flow.walk(*AFTER_SHIPPING)
    before = everything()

    start_anew(flow).walk(*GIVE_UP_PAYMENT, *UNDO[:1])

    assert changed(before) == set()


def test_a_frozen_order_is_not_judged_or_authorized_again(flow: Flow, channel: Client, warehouse: Client) -> None:
    """The flow of a parcel deals with a new card that is declined at its capture."""
    decline_captures(flow)
    flow.walk(*STEP_BY_STEP)
    flow.ship(warehouse)
    assert work(flow.task(Topic.CAPTURE_PAYMENT, {})).bpmn_error_code == "payment_declined"
    path = f"/v1/orders/{flow.order['id']}/payments"
    assert channel.post(path, {"type": "card", "token": "tok_decline"}).status_code == 201
    assert work(flow.task(Topic.CAPTURE_PAYMENT, {})).bpmn_error_code == "payment_declined"

    anew = start_anew(flow)
    answers = [work(anew.task(*step)) for step in STEP_BY_STEP[:2]]

    assert [answer.global_variables["is_frozen"] for answer in answers] == [True, True]


def decline_captures(flow: Flow) -> None:
    declining = "UPDATE tenders SET token = 'tok_decline_capture:' || id WHERE order_id = :id"
    with transaction() as session:
        session.execute(text(declining), {"id": flow.order["id"]})


@pytest.fixture
def undone(flow: Flow, channel: Client) -> Flow:
    flow.walk(*STEP_BY_STEP)
    flow.cancel(channel)
    flow.walk(*UNDO)
    return flow


CALLED_OFF = [
    *(step for step in BEFORE_ITEMS if step.topic not in (Topic.UPDATE_STATUS, Topic.MARK_OVERDUE)),
    BACKORDERED,
    *STEP_BY_STEP[len(BEFORE_ITEMS) :],
    *UNABLE_TO_SHIP,
]


@pytest.mark.parametrize("step", CALLED_OFF, ids=[step.topic for step in CALLED_OFF])
def test_a_process_started_anew_after_the_undo_gets_the_cancellation_again(undone: Flow, step: Step) -> None:
    before = everything()

    result = work(start_anew(undone).task(*step))

    because = "because its cancellation was requested."
    assert (result.is_failure(), result.retries) == (True, 5)
    assert result.error_message == f"{undone.order['number']} is being undone, {because}"
    assert undone.waiting_messages() == ["cancel-order"]
    assert changed(before) == {"outbox"}


def test_a_task_that_was_fetched_before_the_restart_is_left_alone(flow: Flow) -> None:
    """Its worker does not know that the process is lost; to work on it would bind the order to the lost process."""
    flow.walk(*STEP_BY_STEP[:1])
    of_the_lost = flow.task(*STEP_BY_STEP[1])
    anew = start_anew(flow)
    before = everything()

    assert execute(of_the_lost, handlers()) is None

    assert everything() == before
    anew.walk(*STEP_BY_STEP)


def test_a_late_task_of_the_undone_process_sends_no_cancellation(undone: Flow) -> None:
    result = work(undone.task(*STEP_BY_STEP[0]))

    assert (result.is_failure(), result.retries) == (True, 4)
    assert undone.waiting_messages() == []


def test_an_order_that_was_undone_passes_its_undo_again_and_nothing_changes(undone: Flow) -> None:
    before = everything()

    start_anew(undone).walk(*UNDO)

    assert changed(before) == set()
