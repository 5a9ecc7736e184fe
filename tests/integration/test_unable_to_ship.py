"""A report that an item cannot ship stands until a person decides, even if a task is repeated."""

from typing import Any

import pytest
from sqlalchemy import text

from order_api.camunda.names import Topic
from order_api.core.database import transaction
from tests.factories.flows import STEP_BY_STEP, UNABLE_TO_SHIP, Flow, work
from tests.fixtures.service import Client

SEND = STEP_BY_STEP[-1]
BEFORE_SENDING = STEP_BY_STEP[:-1]


def reported(flow: Flow, channel: Client) -> str | None:
    answer = channel.get(f"/v1/orders/{flow.order['id']}").get_json()
    reason: str | None = answer["items"][0]["unable_to_ship_reason"]
    return reason


def rows(query: str, flow: Flow) -> list[Any]:
    with transaction() as session:
        return list(session.scalars(text(query), {"order_id": flow.order["id"]}))


def requests(flow: Flow) -> list[str]:
    return rows("SELECT status FROM fulfillment_requests WHERE order_id = :order_id ORDER BY requested_at", flow)


def test_a_report_stands_although_the_task_that_sent_the_item_comes_again(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    """The first worker died after fulfillment accepted; meanwhile the item was found damaged."""
    flow.walk(*BEFORE_SENDING)
    task = flow.task(*SEND)
    work(task)
    flow.report_unable(warehouse)

    result = work(task)

    assert result.is_success(), result
    assert reported(flow, channel) == "damaged"
    assert flow.waiting_messages() == ["item-unable-to-ship"]
    assert requests(flow) == ["accepted"]


def test_the_next_task_after_a_decision_to_try_again_recalls_and_asks_anew_once(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    flow.walk(*BEFORE_SENDING, SEND)
    flow.report_unable(warehouse)
    decided = flow.task(*SEND, decision="retry")

    first, again = work(decided), work(decided)

    assert first.is_success()
    assert again.is_success()
    assert reported(flow, channel) is None
    assert flow.waiting_messages() == []
    assert requests(flow) == ["canceled", "accepted"]


def test_a_second_report_stands_although_the_task_of_the_second_try_comes_again(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    flow.walk(*BEFORE_SENDING, SEND)
    flow.report_unable(warehouse)
    decided = flow.task(*SEND, decision="retry")
    work(decided)
    flow.report_unable(warehouse, "lost")

    work(decided)

    assert reported(flow, channel) == "lost"
    assert requests(flow) == ["canceled", "accepted"]


def test_a_report_stands_although_the_item_is_sent_again_before_anyone_decided(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    """The process was started anew; the answer of this task leads the flow to the queue."""
    flow.walk(*BEFORE_SENDING, SEND)
    flow.report_unable(warehouse)

    result = work(flow.task(*SEND))

    assert result.global_variables == {"all_shipped": False, "unable_to_ship": True}
    assert reported(flow, channel) == "damaged"
    assert requests(flow) == ["accepted"]


def test_an_item_that_has_left_is_not_sent_again_and_its_report_needs_no_decision(
    flow: Flow, warehouse: Client
) -> None:
    flow.walk(*BEFORE_SENDING, SEND)
    flow.report_unable(warehouse)
    flow.ship(warehouse)

    result = work(flow.task(*SEND))

    assert result.global_variables == {"all_shipped": True, "unable_to_ship": False}
    assert requests(flow) == ["accepted"]


def test_a_token_moved_back_by_an_operator_makes_no_second_request(flow: Flow, warehouse: Client) -> None:
    flow.walk(*BEFORE_SENDING, SEND)
    moved = flow.task(Topic.SEND_TO_FULFILLMENT, {})
    work(moved)
    flow.report_unable(warehouse)

    work(moved)

    assert requests(flow) == ["accepted"]
    assert flow.waiting_messages() == ["item-unable-to-ship"]


# Why a person must decide.


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("damaged", "The warehouse says that the item is damaged."),
        ("not_found", "The warehouse cannot find the item."),
        ("other", "The warehouse cannot ship the item; the order's history says why."),
    ],
)
def test_the_decider_sees_the_reason_and_the_note_stays_in_the_history(
    flow: Flow, channel: Client, warehouse: Client, reason: str, sentence: str
) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.report_unable(warehouse, reason, note="Ada's neighbor took it.")

    result = work(flow.task(*UNABLE_TO_SHIP[0]))

    assert result.global_variables == {"unable_to_ship": True, "unable_to_ship_reason": sentence}
    assert flow.waiting_messages() == []
    history = channel.get(f"/v1/orders/{flow.order['id']}/history").get_json()["events"]
    [event] = [event for event in history if event["event"] == "item.unable_to_ship"]
    assert (event["reason"], event["details"]) == (reason, {"note": "Ada's neighbor took it."})


def test_a_flow_that_is_woken_without_an_open_report_goes_on_waiting(flow: Flow) -> None:
    flow.walk(*STEP_BY_STEP)

    result = work(flow.task(*UNABLE_TO_SHIP[0]))

    assert (result.is_success(), result.global_variables) == (True, {"unable_to_ship": False})


def test_a_report_about_an_item_that_has_left_after_all_needs_no_decision(flow: Flow, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.report_unable(warehouse)
    flow.ship_and_deliver(warehouse)

    result = work(flow.task(*UNABLE_TO_SHIP[0]))

    assert (result.is_success(), result.global_variables) == (True, {"unable_to_ship": False})


def test_a_report_is_cleared_when_the_item_arrives_after_all(flow: Flow, channel: Client, warehouse: Client) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.report_unable(warehouse)
    before = reported(flow, channel)
    flow.ship_and_deliver(warehouse)

    assert (before, reported(flow, channel)) == ("damaged", None)


def test_an_item_that_was_never_handed_over_keeps_the_reason_that_its_flow_knows(flow: Flow) -> None:
    result = work(flow.task(*UNABLE_TO_SHIP[0]))

    assert (result.is_success(), result.global_variables) == (True, {"unable_to_ship": True})


@pytest.mark.parametrize("body", [{"reason": "it fell down"}, {"reason": "other", "note": ""}, {}])
def test_a_reason_is_one_of_the_agreed_words(flow: Flow, warehouse: Client, body: dict[str, str]) -> None:
    flow.walk(*STEP_BY_STEP)

    answer = warehouse.post(f"/v1/items/{flow.order['items'][0]['id']}/unable-to-ship", body)

    assert answer.status_code == 422
