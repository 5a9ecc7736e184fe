"""Every topic's task runs twice under one id: the second run, as after a crash before the report, does nothing."""

import pytest

from order_api.camunda.names import Topic
from order_api.camunda.retries import STANDARD
from tests.factories.flows import (
    AFTER_SHIPPING,
    CAME_BACK,
    CANCEL_ITEM,
    DECLINED_REFUND,
    GIVE_UP_PAYMENT,
    OF_THE_PARCEL,
    REAUTHORIZE,
    REDIRECTED_REFUND,
    REFUND,
    REFUSED_REFUND,
    RELEASE_STOCK,
    STEP_BY_STEP,
    UNABLE_TO_SHIP,
    UNDO,
    WRITE_OFF,
    WRITTEN_OFF_SURPLUS,
    Flow,
    Step,
    everything,
    work,
)
from tests.factories.return_steps import REFUSED_RETURN, RETURN, RETURN_PAID_EARLY
from tests.fixtures.service import Client


def work_twice(flow: Flow, step: Step) -> None:
    task = flow.task(*step)
    first = work(task)
    before = everything()

    second = work(task)

    assert first.is_success(), first
    assert str(second) == str(first)
    changed = {table: rows for table, rows in everything().items() if rows != before[table]}
    assert changed == {}, f"{step.topic} changed something again"


def test_the_tasks_of_a_fulfilled_order_change_nothing_the_second_time(flow: Flow, warehouse: Client) -> None:
    for step in STEP_BY_STEP:
        work_twice(flow, step)
    flow.ship_and_deliver(warehouse)

    for step in AFTER_SHIPPING:
        work_twice(flow, step)


def test_the_tasks_of_an_undo_change_nothing_the_second_time(flow: Flow, channel: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.cancel(channel)

    for step in UNDO:
        work_twice(flow, step)


def test_a_report_of_a_warehouse_is_confirmed_once(flow: Flow, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.report_unable(warehouse)

    for step in UNABLE_TO_SHIP:
        work_twice(flow, step)


def test_a_payment_is_given_up_once(flow: Flow) -> None:
    for step in GIVE_UP_PAYMENT:
        work_twice(flow, step)


def test_an_expired_payment_is_authorized_anew_once(flow: Flow) -> None:
    flow.walk(*STEP_BY_STEP[:-1])
    flow.expire_authorization()

    for step in REAUTHORIZE:
        work_twice(flow, step)


def test_an_item_is_given_up_once(flow: Flow) -> None:
    flow.walk(*STEP_BY_STEP)

    for step in CANCEL_ITEM:
        work_twice(flow, step)


def test_stock_is_released_once(flow: Flow) -> None:
    flow.walk(*STEP_BY_STEP)

    for step in RELEASE_STOCK:
        work_twice(flow, step)


def test_a_parcel_is_written_off_once(flow: Flow, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.ship_and_deliver(warehouse)

    for step in WRITE_OFF:
        work_twice(flow, step)


@pytest.mark.parametrize("steps", [REFUND, REFUSED_REFUND])
def test_a_refund_is_judged_and_paid_once(flow: Flow, channel: Client, warehouse: Client, steps: list[Step]) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.ship_and_deliver(warehouse)
    flow.walk(*OF_THE_PARCEL)
    refund = flow.of_refund(channel)

    for step in steps:
        work_twice(refund, step)


@pytest.mark.parametrize("steps", [DECLINED_REFUND, REDIRECTED_REFUND])
def test_a_declined_refund_is_tried_again_or_booked_once(
    flow: Flow, channel: Client, warehouse: Client, steps: list[Step]
) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.ship_and_deliver(warehouse)
    flow.walk(*OF_THE_PARCEL)
    flow.decline_refunds()
    refund = flow.of_refund(channel)
    refund.walk(*REFUND[:2])
    assert work(refund.task(Topic.REFUND, {})).bpmn_error_code == "refund_declined"

    for step in steps:
        work_twice(refund, step)


@pytest.mark.parametrize("steps", [CAME_BACK, WRITTEN_OFF_SURPLUS])
def test_what_was_paid_twice_is_explained_once(
    flow: Flow, channel: Client, warehouse: Client, steps: list[Step]
) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.ship_and_deliver(warehouse)
    flow.walk(*OF_THE_PARCEL)
    surplus = flow.of_surplus(channel)

    for step in steps:
        work_twice(surplus, step)
        assert work(surplus.task(*step)).global_variables == {"refund_surplus": ""}, "it is booked"


@pytest.mark.parametrize("steps", [RETURN, REFUSED_RETURN, RETURN_PAID_EARLY])
def test_a_return_is_judged_settled_and_ended_once(
    flow: Flow, channel: Client, warehouse: Client, steps: list[Step]
) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.ship_and_deliver(warehouse)
    flow.walk(*OF_THE_PARCEL)
    return_ = flow.of_return(channel)

    for step in steps:
        work_twice(return_, step)


def test_every_topic_is_worked_twice_here_or_on_the_engine() -> None:
    paths = [STEP_BY_STEP, AFTER_SHIPPING, UNDO, UNABLE_TO_SHIP, GIVE_UP_PAYMENT, CANCEL_ITEM, RELEASE_STOCK, WRITE_OFF]
    paths += [RETURN, REFUSED_RETURN, RETURN_PAID_EARLY]
    paths += [REAUTHORIZE, REFUND, REFUSED_REFUND, DECLINED_REFUND, REDIRECTED_REFUND, CAME_BACK]
    here = {step.topic for path in paths for step in path}

    assert set(Topic) - here == {Topic.RECORD_DECISION}, "record-decision asks the engine: tests/process"


def test_a_task_of_an_order_being_canceled_changes_nothing_and_uses_up_no_try(flow: Flow, channel: Client) -> None:
    flow.cancel(channel)
    before = everything()

    result = work(flow.task(Topic.AUTHORIZE_PAYMENT, {}))

    assert (result.is_failure(), result.retries) == (True, STANDARD.tries)
    assert result.error_message == f"{flow.order['number']} is being canceled."
    changed = [table for table, rows in everything().items() if rows != before[table]]
    assert changed == ["subject_processes"], "only the process is bound"


def test_a_late_task_does_not_turn_the_status_back(flow: Flow, channel: Client) -> None:
    late = flow.task(Topic.UPDATE_STATUS, {"order-status": "on_hold"})
    work(late)
    work(flow.task(Topic.UPDATE_STATUS, {"order-status": "ready_to_edit"}))

    work(late)

    assert channel.get(f"/v1/orders/{flow.order['id']}").get_json()["status"] == "ready_to_edit"


def test_a_canceled_order_stays_canceled(flow: Flow, channel: Client) -> None:
    work(flow.task(Topic.UPDATE_STATUS, {"order-status-after": "canceled"}))

    work(flow.task(Topic.UPDATE_STATUS, {"order-status-after": "completed"}))

    assert channel.get(f"/v1/orders/{flow.order['id']}").get_json()["status"] == "canceled"
