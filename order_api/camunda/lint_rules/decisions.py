"""Decision tables: each one exists, always answers, uses known words, and its history expires."""

import re
from collections.abc import Iterator
from enum import StrEnum

from order_api.camunda.lint_rules.finding import Contract, Finding, suggest
from order_api.camunda.model_files import (
    CAMUNDA_DMN,
    Decisions,
    ModelFolder,
    Xml,
    camunda,
    decision_of,
    identity,
    text_of,
)
from order_api.camunda.names import Decision
from order_api.words import Channel, FulfillmentType

WORDS: dict[str, type[StrEnum]] = {"channel": Channel, "fulfillment_type": FulfillmentType}
"""The inputs of decision tables that accept only these words."""

ASKED_BY_PREVIEWS = {Decision.REFUND_APPROVAL, Decision.RETURN_POLICY, Decision.RETURN_FEES}

LISTED = re.compile(r'(not\()?\s*"[^"]*"(\s*,\s*"[^"]*")*\s*\)?')


def decision_without_file(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    decisions = folder.keys_of_decisions()
    for model in folder.models:
        for task in model.every("businessRuleTask"):
            decision = decision_of(task)
            if decision not in decisions:
                yield Finding(
                    model.file, identity(task), f"There is no decision '{decision}' here.", suggest(decision, decisions)
                )
            elif decision in ASKED_BY_PREVIEWS and camunda(task, "decisionRefBinding") != "latest":
                problem = "A preview asks the latest version of its decision, so the process must ask the same."
                yield Finding(model.file, identity(task), problem, "Choose the binding 'latest'.")
            elif decision not in ASKED_BY_PREVIEWS and camunda(task, "decisionRefBinding") != "deployment":
                remedy = "Choose the binding 'deployment'."
                yield Finding(
                    model.file, identity(task), "Its decision is not bound to this version of the model.", remedy
                )


def decision_without_catch_all(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    used = {decision_of(task) for model in folder.models for task in model.every("businessRuleTask")}
    for file in folder.decisions:
        for decision in file.every("decision"):
            is_list = any(table.get("hitPolicy") == "COLLECT" for table in file.every("decisionTable", decision))
            if identity(decision) in used and not is_list and not file.has_catch_all(decision):
                remedy = "Add a last row whose inputs are all empty (hit policy First)."
                yield Finding(file.file, identity(decision), "An order that fits no row would stop.", remedy)


def missing_time_to_live(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for file in folder.decisions:
        for decision in file.every("decision"):
            if not decision.get(f"{CAMUNDA_DMN}historyTimeToLive"):
                yield Finding(
                    file.file,
                    identity(decision),
                    "It has no history time to live, so its history is never deleted.",
                    "Set a history time to live, for example P180D.",
                )


def unknown_word(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for file in folder.decisions:
        for cell, name, word in _quoted_words(file):
            if word not in set(WORDS[name]):
                yield Finding(
                    file.file, identity(cell), f"There is no {name} '{word}'.", suggest(word, map(str, WORDS[name]))
                )


def _quoted_words(file: Decisions) -> Iterator[tuple[Xml, str, str]]:
    """Each quoted word in a column of WORDS, from cells that only list words."""
    for table in file.every("decisionTable"):
        names = [text_of(expression) for expression in file.every("inputExpression", table)]
        for rule in file.every("rule", table):
            for name, cell in zip(names, file.every("inputEntry", rule), strict=False):
                if name in WORDS and LISTED.fullmatch(text_of(cell)):
                    yield from ((cell, name, word) for word in re.findall('"([^"]*)"', text_of(cell)))


RULES = (decision_without_file, decision_without_catch_all, missing_time_to_live, unknown_word)
