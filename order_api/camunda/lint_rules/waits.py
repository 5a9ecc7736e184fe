"""Waiting points: each one has a timer, and history shows who made a decision."""

import re
from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding
from order_api.camunda.model_files import BPMN, CAMUNDA, ModelFolder, Xml, identity, properties, topic
from order_api.camunda.names import Property, Topic

WHO_COMPLETES = "${task.setAssignee(currentUser())}"
"""Records the completing user as assignee in the history; a claim alone does not show who decided."""


LOCAL_WORD = re.compile(r'\$\{execution\.setVariableLocal\("([a-z0-9_]+)", (null|"[a-z0-9_]+")\)\}')
"""A listener that sets a variable of its own scope to a word, or to null to declare it there."""


def wait_without_timer(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for wait in model.every("receiveTask", "userTask"):
            if not list(model.boundaries_of(wait, "timerEventDefinition")):
                remedy = "Draw a timer on its border; one that does not interrupt can mark the order overdue."
                yield Finding(model.file, identity(wait), "It may wait forever.", remedy)


def catch_without_timer(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    """A catch event has no border for a timer, so only an event-based gateway before it can provide one."""
    for model in folder.models:
        for gateway in model.every("eventBasedGateway"):
            if not any(_is_timer(event) for event in model.targets_of(gateway)):
                yield Finding(model.file, identity(gateway), "It may wait forever.", "Make one of its events a timer.")
        offered = [event for gateway in model.every("eventBasedGateway") for event in model.targets_of(gateway)]
        for event in model.every("intermediateCatchEvent"):
            if not _is_timer(event) and event not in offered:
                remedy = "Draw it after an event-based gateway with a timer, or use a receive task with a timer."
                yield Finding(model.file, identity(event), "It may wait forever.", remedy)


def _is_timer(event: Xml) -> bool:
    return event.find(f"{BPMN}timerEventDefinition") is not None


def decision_of_unknown_person(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        recorded = {properties(task).get(Property.DECISION_OF) for task in model.external_tasks()}
        for task in model.every("userTask"):
            listeners = {
                entry.get("expression")
                for entry in task.iter(f"{CAMUNDA}taskListener")
                if entry.get("event") == "complete"
            }
            if identity(task) in recorded and WHO_COMPLETES not in listeners:
                remedy = f"Add a task listener for 'complete' with the expression {WHO_COMPLETES}."
                yield Finding(model.file, identity(task), "It does not say who decided.", remedy)


def overdue_wait_unnamed(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        nodes = {identity(node): node for node in model.flow_nodes()}
        for flow in model.every("sequenceFlow"):
            timer, task = nodes.get(flow.get("sourceRef", "")), nodes.get(flow.get("targetRef", ""))
            if timer is None or task is None or topic(task) != Topic.MARK_OVERDUE:
                continue
            names = _local_variables(flow, "take")
            if "overdue_wait" not in names:
                wait = timer.get("attachedToRef", "…")
                listener = f'${{execution.setVariableLocal("overdue_wait", "{wait}")}}'
                remedy = f"Add an execution listener for 'take' with the expression {listener}."
                yield Finding(model.file, identity(flow), "It does not say which wait is overdue.", remedy)


def parcels_share_a_variable(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    """Several instances of an event subprocess run side by side; a variable that is not declared in each is shared."""
    for model in folder.models:
        for scope in model.every("subProcess"):
            if scope.get("triggeredByEvent") != "true":
                continue
            outputs = {entry.get("name", "") for entry in scope.iter(f"{CAMUNDA}outputParameter")}
            errors = scope.iter(f"{BPMN}errorEventDefinition")
            messages = {definition.get(f"{CAMUNDA}errorMessageVariable", "") for definition in errors}
            returned = {name for task in scope.iter() for name in contract.returns.get(topic(task) or "", ())}
            for name in sorted((outputs | messages | returned) - _local_variables(scope, "start") - {""}):
                listener = f'${{execution.setVariableLocal("{name}", null)}}'
                remedy = f"Add an execution listener for 'start' with the expression {listener}."
                yield Finding(model.file, identity(scope), f"Its instances would share the variable '{name}'.", remedy)


def _local_variables(element: Xml, event: str) -> set[str]:
    """The variables that the element's own listeners for this event set in its scope."""
    listeners = element.findall(f"{BPMN}extensionElements/{CAMUNDA}executionListener")
    found = [LOCAL_WORD.fullmatch(entry.get("expression", "")) for entry in listeners if entry.get("event") == event]
    return {match[1] for match in found if match}


RULES = (
    wait_without_timer,
    catch_without_timer,
    decision_of_unknown_person,
    overdue_wait_unnamed,
    parcels_share_a_variable,
)
