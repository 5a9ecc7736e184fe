"""Decision tables: there when asked, always with an answer, and cleaned up in time."""

from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding, one_of
from order_api.camunda.model_files import CAMUNDA_DMN, ModelFolder, camunda, identity


def decision_without_file(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    known = folder.keys_of_decisions()
    for model in folder.models:
        for task in model.every("businessRuleTask"):
            decision = camunda(task, "decisionRef") or ""
            if decision not in known:
                yield Finding(
                    model.file, identity(task), f"There is no decision '{decision}' here.", one_of(decision, known)
                )
            elif camunda(task, "decisionRefBinding") != "deployment":
                remedy = "Choose the binding 'deployment'."
                yield Finding(
                    model.file, identity(task), "Its decision is not bound to this version of the model.", remedy
                )


def decision_without_catch_all(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    used = {camunda(task, "decisionRef") for model in folder.models for task in model.every("businessRuleTask")}
    for file in folder.decisions:
        for decision in file.every("decision"):
            if identity(decision) in used and not file.has_catch_all(decision):
                remedy = "Add a last row whose inputs are all empty (hit policy First)."
                yield Finding(file.file, identity(decision), "An order that fits no row would stop.", remedy)


def missing_time_to_live(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for file in folder.decisions:
        for decision in file.every("decision"):
            if not decision.get(f"{CAMUNDA_DMN}historyTimeToLive"):
                yield Finding(
                    file.file,
                    identity(decision),
                    "Its history is kept for ever.",
                    "Set a history time to live, for example P180D.",
                )


RULES = (decision_without_file, decision_without_catch_all, missing_time_to_live)
