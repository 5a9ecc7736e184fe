"""Gateways: each one asks a question; every outgoing flow is an answer and one of them is the default.

Processes: their history expires.
"""

from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding
from order_api.camunda.model_files import BPMN, CAMUNDA, Model, ModelFolder, Xml, identity


def gateway_without_default(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model, gateway, _ in _questions(folder):
        if gateway.get("default") is None:
            remedy = "Make the safest outgoing flow the default."
            yield Finding(
                model.file,
                identity(gateway),
                "It has no default flow: an unforeseen answer stops the order.",
                remedy,
            )


def answer_without_condition(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model, gateway, answers in _questions(folder):
        for answer in answers:
            if identity(answer) != gateway.get("default") and answer.find(f"{BPMN}conditionExpression") is None:
                yield Finding(
                    model.file, identity(answer), "It has no condition.", "Add one, or make it the default flow."
                )


def answer_without_name(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model, _, answers in _questions(folder):
        for answer in answers:
            if not answer.get("name"):
                yield Finding(
                    model.file,
                    identity(answer),
                    "It has no name.",
                    "Name it with the answer to the gateway's question.",
                )


def missing_time_to_live(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for process in model.every("process"):
            if not process.get(f"{CAMUNDA}historyTimeToLive"):
                yield Finding(
                    model.file,
                    identity(process),
                    "It has no history time to live, so its history is never deleted.",
                    "Set a history time to live, for example P180D.",
                )


def _questions(folder: ModelFolder) -> Iterator[tuple[Model, Xml, list[Xml]]]:
    for model in folder.models:
        for gateway in model.every("exclusiveGateway", "inclusiveGateway"):
            answers = [flow for flow in model.every("sequenceFlow") if flow.get("sourceRef") == identity(gateway)]
            if len(answers) > 1:
                yield model, gateway, answers


RULES = (gateway_without_default, answer_without_condition, answer_without_name, missing_time_to_live)
