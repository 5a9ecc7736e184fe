"""A report that an item cannot ship stands until a person has decided, however often a task comes."""

from typing import Any

from sqlalchemy import text

from order_api.camunda.names import Topic
from order_api.core.database import transaction
from tests.factories.flows import STEP_BY_STEP, Flow, Step, work
from tests.fixtures.service import Client

SEND: Step = STEP_BY_STEP[-1]
BEFORE_SENDING = STEP_BY_STEP[:-1]


def report(flow: Flow, warehouse: Client, reason: str = "damaged") -> None:
    item = flow.order["items"][0]["id"]
    assert warehouse.post(f"/v1/items/{item}/unable-to-ship", {"reason": reason}).status_code == 201


def reported(flow: Flow, channel: Client) -> str | None:
    answer = channel.get(f"/v1/orders/{flow.order['id']}").get_json()
    reason: str | None = answer["items"][0]["unable_to_ship_reason"]
    return reason


def rows(query: str, flow: Flow) -> list[Any]:
    with transaction() as session:
        return list(session.scalars(text(query), {"order_id": flow.order["id"]}))


def requests(flow: Flow) -> list[str]:
    return rows("SELECT status FROM fulfillment_orders WHERE order_id = :order_id ORDER BY requested_at", flow)


def pending(flow: Flow) -> list[str]:
    return rows("SELECT name FROM outbox WHERE order_id = :order_id AND kind = 'message' AND state = 'pending'", flow)


def test_a_report_stands_although_the_task_that_sent_the_item_comes_again(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    """The first worker died after fulfillment had accepted; meanwhile the item was found damaged."""
    flow.walk(*BEFORE_SENDING)
    task = flow.task(*SEND)
    work(task)
    report(flow, warehouse)

    result = work(task)

    assert result.is_success(), result
    assert reported(flow, channel) == "damaged"
    assert pending(flow) == ["item-unable-to-ship"]
    assert requests(flow) == ["accepted"]


def test_the_next_task_after_a_report_recalls_and_asks_anew_once(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    flow.walk(*BEFORE_SENDING, SEND)
    report(flow, warehouse)
    decided = flow.task(*SEND)

    first, again = work(decided), work(decided)

    assert first.is_success()
    assert again.is_success()
    assert reported(flow, channel) is None
    assert pending(flow) == []
    assert requests(flow) == ["canceled", "accepted"]


def test_a_second_report_stands_although_the_task_of_the_second_try_comes_again(
    flow: Flow, channel: Client, warehouse: Client
) -> None:
    flow.walk(*BEFORE_SENDING, SEND)
    report(flow, warehouse)
    decided = flow.task(*SEND)
    work(decided)
    report(flow, warehouse, "lost")

    work(decided)

    assert reported(flow, channel) == "lost"
    assert requests(flow) == ["canceled", "accepted"]


def test_a_token_moved_back_by_an_operator_makes_no_second_request(flow: Flow, warehouse: Client) -> None:
    flow.walk(*BEFORE_SENDING, SEND)
    moved = flow.task(Topic.SEND_TO_FULFILLMENT, {})
    work(moved)
    report(flow, warehouse)

    work(moved)

    assert requests(flow) == ["accepted"]
    assert pending(flow) == ["item-unable-to-ship"]
