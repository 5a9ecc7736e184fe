"""Waiting points: each one has a timer, and history shows who made a decision."""

from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding
from order_api.camunda.model_files import BPMN, CAMUNDA, ModelFolder, Xml, identity, properties
from order_api.camunda.names import Property

WHO_COMPLETES = "${task.setAssignee(currentUser())}"
"""Records the completing user as assignee in the history; a claim alone does not show who decided."""


def wait_without_timer(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for wait in model.every("receiveTask", "userTask"):
            if not list(model.boundaries_of(wait, "timerEventDefinition")):
                remedy = "Draw a timer on its border; one that does not interrupt can mark the order overdue."
                yield Finding(model.file, identity(wait), "It may wait for ever.", remedy)


def catch_without_timer(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    """A catch event has no border for a timer, so only an event-based gateway in front of it can have one."""
    for model in folder.models:
        for gateway in model.every("eventBasedGateway"):
            if not any(_is_timer(event) for event in model.targets_of(gateway)):
                yield Finding(
                    model.file, identity(gateway), "It may wait for ever.", "Let a timer be one of its events."
                )
        offered = [event for gateway in model.every("eventBasedGateway") for event in model.targets_of(gateway)]
        for event in model.every("intermediateCatchEvent"):
            if not _is_timer(event) and event not in offered:
                remedy = (
                    "Draw it behind an event-based gateway with a timer, or as receive task with one on its border."
                )
                yield Finding(model.file, identity(event), "It may wait for ever.", remedy)


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
                yield Finding(model.file, identity(task), "It is not kept who decided.", remedy)


RULES = (wait_without_timer, catch_without_timer, decision_of_unknown_person)
