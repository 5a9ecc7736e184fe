"""A restarted flow skips a queue whose decision is already recorded."""

from uuid import UUID

import pytest

from order_api.camunda.names import Topic
from order_api.core.database import transaction
from order_api.orders import history, repository
from order_api.progress.decided import NO_DECISION, last_decision
from order_api.words.events import Event
from tests.factories.flows import About, Flow, work
from tests.factories.orders import Json, line
from tests.fixtures.service import Client

QUEUE, ANOTHER = "usertask_route_item", "usertask_unable_to_ship"


@pytest.fixture
def order(channel: Client) -> Json:
    return channel.place(line(line_id="1"), line(line_id="2"))


def item_id(order: Json, position: int) -> UUID:
    return UUID(order["items"][position]["id"])


def decide(
    channel: Client,
    order: Json,
    decision: str,
    *,
    queue: str = QUEUE,
    item: UUID | None = None,
    event: Event = Event.DECISION_TAKEN,
) -> None:
    with transaction() as session:
        locked = repository.get_for_update(session, channel.company.actor, UUID(order["id"]))
        details = {"queue": queue, "decision": decision}
        history.record(session, locked, event, channel.company.actor, item_id=item, details=details)


def decided(order: Json, item: UUID | None = None) -> str:
    with transaction() as session:
        return last_decision(session, UUID(order["id"]), item, QUEUE)


def test_without_a_recorded_decision_the_answer_is_empty(order: Json) -> None:
    assert decided(order) == ""


def test_the_last_of_several_decisions_counts(channel: Client, order: Json) -> None:
    decide(channel, order, "accept")
    decide(channel, order, "reject")

    assert decided(order) == "reject"


def test_a_decision_of_another_queue_or_item_does_not_count(channel: Client, order: Json) -> None:
    first, second = item_id(order, 0), item_id(order, 1)
    decide(channel, order, "ship_to_home", item=first)
    decide(channel, order, "cancel_item", item=second, queue=ANOTHER)

    assert (decided(order, first), decided(order, second), decided(order)) == ("ship_to_home", "", "")


def test_a_later_completion_without_a_decision_revokes_the_earlier_decision(channel: Client, order: Json) -> None:
    decide(channel, order, "accept")

    decide(channel, order, NO_DECISION)

    assert decided(order) == ""


def test_a_decision_that_was_refused_does_not_count(channel: Client, order: Json) -> None:
    decide(channel, order, "accept")

    decide(channel, order, "reject", event=Event.DECISION_REFUSED)

    assert decided(order) == "accept"


def test_a_task_before_the_queue_returns_the_decision_about_its_item(channel: Client, order: Json) -> None:
    decide(channel, order, "ship_to_home", item=item_id(order, 0))
    task = Flow(order).task(Topic.UPDATE_STATUS, {"decision-of": QUEUE}, About.ITEM)

    assert work(task).global_variables == {"decision": "ship_to_home"}


def test_a_task_that_only_sets_a_status_returns_no_decision(channel: Client, order: Json) -> None:
    decide(channel, order, "accept")

    result = work(Flow(order).task(Topic.UPDATE_STATUS, {"order-status": "on_hold"}))

    assert (result.is_success(), result.global_variables) == (True, {})
