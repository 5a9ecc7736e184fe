"""Templates for Modeler: a designer sees and fills in what a topic declares."""

from dataclasses import replace
from typing import Any

import pytest

from order_api.camunda.element_templates import Template, TopicContract, element_templates
from order_api.camunda.names import BpmnError, Property, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM, STANDARD

BARE = TopicContract(
    Topic.CAPTURE_PAYMENT,
    Template("Take payment", "Takes the money."),
    returns=frozenset(),
    throws=frozenset(),
    properties=frozenset(),
    retries=STANDARD,
)


def of(contract: TopicContract, *notices: str) -> dict[str, Any]:
    [template] = element_templates([contract], notices)
    return template


def asked(template: dict[str, Any]) -> dict[str, Any]:
    return {entry["binding"]["name"]: entry.get("value") for entry in template["properties"]}


def test_a_template_makes_an_external_task_of_its_topic() -> None:
    template = of(BARE)

    assert (template["name"], template["id"]) == ("Take payment", "order-service.capture-payment")
    assert asked(template)["camunda:type"] == "external"
    assert asked(template)["camunda:topic"] == "capture-payment"


@pytest.mark.parametrize(
    ("declared", "description"),
    [
        ({}, "Takes the money."),
        ({"returns": {"b", "a"}}, "Takes the money. Sets the variables a and b."),
        ({"returns": {"a"}}, "Takes the money. Sets the variable a."),
        ({"throws": {BpmnError.TOO_LATE}}, "Takes the money. Needs a boundary error too_late."),
        (
            {"throws": {BpmnError.TOO_LATE, BpmnError.PAYMENT_DECLINED}},
            "Takes the money. Needs boundary errors payment_declined and too_late.",
        ),
    ],
)
def test_the_description_names_what_a_model_must_know(declared: dict[str, Any], description: str) -> None:
    assert of(replace(BARE, **declared))["description"] == description


def test_the_template_of_a_task_that_calls_outside_presets_its_retries_and_pauses() -> None:
    patient, standard = of(replace(BARE, retries=OUTSIDE_SYSTEM)), of(BARE)

    assert (asked(patient)["retries"], asked(patient)["retry-pauses"]) == ("16", "PT1S,PT5S,PT30S,PT2M,PT5M")
    assert "retries" not in asked(standard)


def test_a_designer_is_asked_for_the_properties_that_the_worker_reads() -> None:
    template = of(replace(BARE, properties=frozenset({Property.NOTICE, Property.DECISION_OF})), "item_shipped")

    assert asked(template)["notice"] == "item_shipped"
    assert "decision-of" in asked(template)
    assert not {"notice", "decision-of"} & asked(of(BARE)).keys()


@pytest.mark.parametrize(("topic", "is_required"), [(Topic.RECORD_DECISION, True), (Topic.UPDATE_STATUS, False)])
def test_a_queue_is_required_only_where_its_decision_is_recorded(topic: Topic, is_required: bool) -> None:
    template = of(replace(BARE, topic=topic, properties=frozenset({Property.DECISION_OF})))

    [queue] = [entry for entry in template["properties"] if entry["binding"]["name"] == "decision-of"]
    assert queue["constraints"].get("notEmpty", False) == is_required


@pytest.mark.parametrize("on_entry", [True, False])
def test_a_status_on_entry_is_offered_where_the_topic_says_so(on_entry: bool) -> None:
    template = of(replace(BARE, template=Template("Tell", "Tells.", sets_status_on_entry=on_entry)))

    assert ("order-status" in asked(template), "item-status" in asked(template)) == (on_entry, on_entry)
    assert "order-status-after" in asked(template)
