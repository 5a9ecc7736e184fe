"""Generates the templates that Camunda Modeler offers for service tasks from what the topics declare."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from order_api.camunda import template_properties as offered
from order_api.camunda.names import THROWN_ONLY_WITH, BpmnError, Property, Topic
from order_api.camunda.retries import STANDARD, RetryProfile

Json = dict[str, Any]


@dataclass(frozen=True)
class Template:
    """One entry in Modeler's list. `does` describes it to designers. A second entry for the same topic has a `key` and
    the `fixed` properties that set it apart."""

    name: str
    does: str
    key: str | None = None
    fixed: Mapping[Property, str] = field(default_factory=dict)
    sets_status_on_entry: bool = False


@dataclass(frozen=True)
class TopicContract:
    """What a topic declares. Its worker reads `properties`."""

    topic: Topic
    templates: tuple[Template, ...]
    returns: frozenset[str]
    throws: frozenset[BpmnError]
    properties: frozenset[Property]
    retries: RetryProfile


def element_templates(topics: Iterable[TopicContract], notices: Iterable[str]) -> list[Json]:
    """Sorted in the order of `Topic`. A designer chooses among the `notices`, which are mails."""
    order, choices = list(Topic), list(notices)
    ranked = sorted(topics, key=lambda contract: order.index(contract.topic))
    return [_template(contract, template, choices) for contract in ranked for template in contract.templates]


def _template(contract: TopicContract, template: Template, notices: list[str]) -> Json:
    return {
        "name": template.name,
        "id": f"order-service.{template.key or contract.topic}",
        "description": " ".join(_description(contract, template)),
        "version": 1,
        "appliesTo": ["bpmn:Task", "bpmn:ServiceTask"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "groups": offered.groups(is_patient=_is_patient(contract)),
        "properties": list(_properties(contract, template, notices)),
    }


def _description(contract: TopicContract, template: Template) -> Iterator[str]:
    yield template.does
    if contract.returns:
        variables = sorted(contract.returns)
        yield f"Sets the variable{'s' * (len(variables) > 1)} {' and '.join(variables)}."
    if errors := [_named(code) for code in BpmnError if code in contract.throws and _may_throw(code, template)]:
        yield f"Needs {'boundary errors' if len(errors) > 1 else 'a boundary error'}{' and'.join(errors)}."


def _may_throw(code: BpmnError, template: Template) -> bool:
    condition = THROWN_ONLY_WITH.get(code)
    return not isinstance(condition, Property) or condition in template.fixed


def _named(code: BpmnError) -> str:
    """The code with its leading space and, if it has one, its condition."""
    return f", in an item's flow, {code}" if THROWN_ONLY_WITH.get(code) == "item_id" else f" {code}"


def _is_patient(contract: TopicContract) -> bool:
    return contract.retries != STANDARD


def _properties(contract: TopicContract, template: Template, notices: list[str]) -> Iterator[Json]:
    yield offered.hidden("property", "camunda:type", "external")
    yield offered.hidden("property", "camunda:topic", contract.topic)
    yield from (offered.hidden("camunda:property", name, value) for name, value in template.fixed.items())
    if Property.DECISION_OF in contract.properties:
        yield offered.DECISION_OF
    if Property.NOTICE in contract.properties:
        yield offered.notice(notices)
    yield from offered.statuses(on_entry=template.sets_status_on_entry)
    if _is_patient(contract):
        yield from offered.tries(contract.retries)
