"""While an outside system is down, its tasks retry for a while before they need an operator."""

from datetime import timedelta
from typing import Any

import isodate
import pytest

from order_api.camunda.model_files import Xml, identity, properties, topic
from order_api.camunda.names import Property, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM, RetryProfile
from tests.contract.our_models import external_tasks
from tests.contract.test_models import templates
from workers.runtime.registry import handlers

ASKING_OUTSIDE = {
    Topic.SCREEN_FRAUD,
    Topic.AUTHORIZE_PAYMENT,
    Topic.REAUTHORIZE_PAYMENT,
    Topic.CAPTURE_PAYMENT,
    Topic.VOID_PAYMENT,
    Topic.CLOSE_ORDER,
    Topic.RESERVE_INVENTORY,
    Topic.RELEASE_INVENTORY,
    Topic.SEND_TO_FULFILLMENT,
    Topic.CANCEL_FULFILLMENT,
    Topic.CANCEL_ITEM,
    Topic.REFUND,
}


def endures(tuning: dict[str, Any]) -> timedelta:
    """The time from the first try to the last; the last pause applies to all later tries."""
    pauses = [isodate.parse_duration(pause) for pause in tuning[Property.RETRY_PAUSES].split(",")]
    further = int(tuning[Property.RETRIES]) - 1 - len(pauses)
    return sum(pauses + [pauses[-1]] * further, timedelta())


def offered(template: dict[str, Any]) -> dict[str, Any]:
    return {entry["binding"]["name"]: entry.get("value") for entry in template["properties"]}


def test_exactly_the_topics_that_ask_an_outside_system_declare_its_retries() -> None:
    assert {topic for topic, handler in handlers().items() if handler.retries == OUTSIDE_SYSTEM} == ASKING_OUTSIDE


@pytest.mark.parametrize("task", [t for t in external_tasks() if topic(t) in ASKING_OUTSIDE], ids=identity)
def test_a_task_that_asks_an_outside_system_outlasts_an_outage_of_almost_an_hour(task: Xml) -> None:
    tuning = properties(task)

    assert timedelta(minutes=55) < endures(tuning) < timedelta(minutes=65)
    assert RetryProfile(int(tuning[Property.RETRIES]), tuning[Property.RETRY_PAUSES]) == OUTSIDE_SYSTEM


def test_a_designer_is_offered_the_same_retries() -> None:
    found = [offered(template) for template in templates() if offered(template)["camunda:topic"] in ASKING_OUTSIDE]

    assert {template["camunda:topic"] for template in found} == ASKING_OUTSIDE
    assert {timedelta(minutes=55) < endures(template) < timedelta(minutes=65) for template in found} == {True}
