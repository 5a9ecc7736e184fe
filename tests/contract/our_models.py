"""Reads our models for the contract tests: their elements under the names that Python uses."""

import json
import re
from functools import cache
from typing import Any

from order_api.camunda.model_files import Model, ModelFolder, Xml, camunda, identity, read
from order_api.camunda.names import Process
from tests.fixtures.system import ROOT

MODELS = ROOT / "bpmn_models"


@cache
def folder() -> ModelFolder:
    return read(MODELS)


def model_of(process: Process) -> Model:
    return next(model for model in folder().models if model.file == f"{process}.bpmn")


def every(*kinds: str) -> list[Xml]:
    return [element for model in folder().models for element in model.every(*kinds)]


def external_tasks() -> list[Xml]:
    return [task for model in folder().models for task in model.external_tasks()]


def forms() -> dict[str, Any]:
    return {form["id"]: form for form in (json.loads(file.read_text()) for file in MODELS.rglob("*.form"))}


def shown_by(form: str) -> set[str]:
    """The variables in its texts, and those in fields that a person cannot change."""
    parts = forms()[form]["components"]
    return set(re.findall(r"\{\{(\w+)\}\}", json.dumps(parts))) | {p["key"] for p in parts if p.get("disabled")}


def offered_in(task: str) -> set[str]:
    """The decisions that the form of a user task offers; none if it only tells what to do."""
    [form] = [forms()[camunda(node, "formRef") or ""] for node in every("userTask") if identity(node) == task]
    selects = [field for field in form["components"] if field.get("key") == "decision"]
    return {choice["value"] for select in selects for choice in select["values"]}


def text_of(cell: Xml) -> str:
    return "".join(map(str, cell.itertext())).strip()
