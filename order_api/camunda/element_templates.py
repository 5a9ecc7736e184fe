"""Generates the templates that Camunda Modeler offers for service tasks from what the topics declare."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from order_api.camunda import template_properties as offered
from order_api.camunda.names import BpmnError, Property, Topic
from order_api.camunda.retries import STANDARD, RetryProfile

Json = dict[str, Any]


@dataclass(frozen=True)
class Template:
    """The entry of a topic in Modeler's list. `does` describes it to designers and documents its tasks."""

    name: str
    does: str
    sets_status_on_entry: bool = False


@dataclass(frozen=True)
class TopicContract:
    """What a topic declares. Its worker reads `properties`."""

    topic: Topic
    template: Template
    returns: frozenset[str]
    throws: frozenset[BpmnError]
    properties: frozenset[Property]
    retries: RetryProfile


def element_templates(topics: Iterable[TopicContract], notices: Iterable[str]) -> list[Json]:
    """Sorted in the order of `Topic`. A designer chooses among the `notices`, which are mails."""
    order, choices = list(Topic), list(notices)
    ranked = sorted(topics, key=lambda contract: order.index(contract.topic))
    return [_template(contract, choices) for contract in ranked]


def _template(contract: TopicContract, notices: list[str]) -> Json:
    return {
        "name": contract.template.name,
        "id": f"order-service.{contract.topic}",
        "description": " ".join(_description(contract)),
        "version": 1,
        "appliesTo": ["bpmn:Task", "bpmn:ServiceTask"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "groups": offered.groups(has_own_retries=_has_own_retries(contract)),
        "properties": list(_properties(contract, notices)),
    }


def _description(contract: TopicContract) -> Iterator[str]:
    yield contract.template.does
    if contract.returns:
        variables = sorted(contract.returns)
        yield f"Sets the variable{'s' * (len(variables) > 1)} {' and '.join(variables)}."
    if errors := [code for code in BpmnError if code in contract.throws]:
        yield f"Needs {'boundary errors' if len(errors) > 1 else 'a boundary error'} {' and '.join(errors)}."


def _has_own_retries(contract: TopicContract) -> bool:
    return contract.retries != STANDARD


def _properties(contract: TopicContract, notices: list[str]) -> Iterator[Json]:
    yield offered.hidden("property", "camunda:type", "external")
    yield offered.hidden("property", "camunda:topic", contract.topic)
    if Property.DECISION_OF in contract.properties:
        yield offered.queue(is_required=contract.topic == Topic.RECORD_DECISION)
    if Property.NOTICE in contract.properties:
        yield offered.notice(notices)
    yield from offered.statuses(on_entry=contract.template.sets_status_on_entry)
    if _has_own_retries(contract):
        yield from offered.tries(contract.retries)
