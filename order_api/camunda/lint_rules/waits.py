"""Waiting points: each one has a timer, and a person's decision can be traced to the person."""

from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding
from order_api.camunda.model_files import CAMUNDA, ModelFolder, identity, properties
from order_api.camunda.names import Property

WHO_COMPLETES = "${task.setAssignee(currentUser())}"
"""Makes the one who completes the assignee in the history; a claim alone does not tell who decided."""


def wait_without_timer(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for wait in model.every("receiveTask", "userTask"):
            if not list(model.boundaries_of(wait, "timerEventDefinition")):
                remedy = "Draw a timer on its border; one that does not interrupt can mark the order overdue."
                yield Finding(model.file, identity(wait), "It may wait for ever.", remedy)


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


RULES = (wait_without_timer, decision_of_unknown_person)
