"""Reads a folder of models, decisions and forms. Knows the XML; the lint rules judge it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from order_api.camunda.names import Decision

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
CAMUNDA_DMN = "{http://camunda.org/schema/1.0/dmn}"

WORK = {"serviceTask", "sendTask", "userTask", "receiveTask", "businessRuleTask", "scriptTask", "task", "manualTask"}
PARTS = {"callActivity", "subProcess", "transaction"}
EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
GATEWAYS = {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"}
FLOW_NODES = WORK | PARTS | EVENTS | GATEWAYS

Xml = etree._Element  # noqa: SLF001 - lxml has no other name for its type


def kind(element: Xml) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def identity(element: Xml) -> str:
    return element.get("id", "")


def camunda(element: Xml, name: str) -> str | None:
    return element.get(CAMUNDA + name)


def text_of(element: Xml) -> str:
    return "".join(str(text) for text in element.itertext()).strip()


NAMED_BY_COLLECTIONS = {"${return_policy_table}": Decision.RETURN_POLICY}
"""A task may take the key of its table from a variable, which a collection's property sets; by default this one."""


def decision_of(task: Xml) -> str:
    """The key of the table that a business rule task asks."""
    reference = camunda(task, "decisionRef") or ""
    return NAMED_BY_COLLECTIONS.get(reference, reference)


def topic(element: Xml) -> str | None:
    """The topic of an external task; None for everything else."""
    return camunda(element, "topic") if camunda(element, "type") == "external" else None


def properties(element: Xml) -> dict[str, str]:
    """Extension properties. An empty one counts as not set, because Modeler keeps the entry of a cleared field."""
    entries = element.findall(f"{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property")
    return {entry.get("name", ""): entry.get("value", "") for entry in entries if entry.get("value")}


def inputs(element: Xml) -> set[str]:
    entries = element.findall(f"{BPMN}extensionElements/{CAMUNDA}inputOutput/{CAMUNDA}inputParameter")
    return {entry.get("name", "") for entry in entries}


@dataclass(frozen=True)
class Model:
    """One BPMN file."""

    file: str
    root: Xml

    def every(self, *kinds: str) -> Iterator[Xml]:
        for element in self.root.iter():
            if kind(element) in kinds and element.tag == BPMN + kind(element):
                yield element

    def flow_nodes(self) -> Iterator[Xml]:
        return self.every(*FLOW_NODES)

    def external_tasks(self) -> Iterator[Xml]:
        return (element for element in self.flow_nodes() if topic(element) is not None)

    def boundaries_of(self, host: Xml, definition: str) -> Iterator[Xml]:
        """The event definitions of this kind on the border of an activity."""
        for event in self.every("boundaryEvent"):
            if event.get("attachedToRef") == identity(host):
                yield from event.findall(BPMN + definition)

    def targets_of(self, source: Xml) -> list[Xml]:
        """The elements that this element's outgoing sequence flows lead to."""
        ids = {
            flow.get("targetRef") for flow in self.every("sequenceFlow") if flow.get("sourceRef") == identity(source)
        }
        return [node for node in self.flow_nodes() if identity(node) in ids]

    def message_name(self, reference: str | None) -> str | None:
        return next((entry.get("name") for entry in self.every("message") if identity(entry) == reference), None)

    def error_code(self, definition: Xml) -> str | None:
        """None when the event catches every error."""
        reference = definition.get("errorRef")
        return next((entry.get("errorCode") for entry in self.every("error") if identity(entry) == reference), None)

    def thrown_by_error_ends(self, scope: Xml) -> set[str | None]:
        return {self.error_code(found) for found in scope.iterfind(f".//{BPMN}endEvent/{BPMN}errorEventDefinition")}


@dataclass(frozen=True)
class Decisions:
    """One DMN file. Elements are matched by local name, because each DMN version has its own namespace."""

    file: str
    root: Xml

    def every(self, name: str, scope: Xml | None = None) -> Iterator[Xml]:
        return (element for element in (self.root if scope is None else scope).iter() if kind(element) == name)

    def has_catch_all(self, decision: Xml) -> bool:
        if not list(self.every("decisionTable", decision)):
            return True
        return any(
            all(_is_blank(cell) for cell in self.every("inputEntry", rule)) for rule in self.every("rule", decision)
        )


def _is_blank(cell: Xml) -> bool:
    return text_of(cell) in ("", "-")


@dataclass(frozen=True)
class Form:
    """One form file."""

    file: str
    content: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.content["id"])

    def parts(self) -> Iterator[dict[str, Any]]:
        """The fields and texts, also those inside groups and lists."""
        inside = [self.content]
        while inside:
            for part in inside.pop().get("components", ()):
                yield part
                inside.append(part)


@dataclass(frozen=True)
class ModelFolder:
    models: tuple[Model, ...]
    decisions: tuple[Decisions, ...]
    forms: Mapping[str, Form]
    unreadable: tuple[tuple[str, str], ...]

    def keys_of_processes(self) -> set[str]:
        return {identity(process) for model in self.models for process in model.every("process")}

    def keys_of_decisions(self) -> set[str]:
        return {identity(decision) for file in self.decisions for decision in file.every("decision")}


def flow_files(folder: Path) -> list[Path]:
    """Everything that is deployed together."""
    return sorted(file for file in folder.rglob("*") if file.suffix in (".bpmn", ".dmn", ".form"))


def read(folder: Path) -> ModelFolder:
    models, decisions, forms, unreadable = [], [], dict[str, Form](), []
    for file in flow_files(folder):
        try:
            if file.suffix == ".form":
                form = Form(file.name, json.loads(file.read_text(encoding="utf-8")))
                forms[form.id] = form
            elif file.suffix == ".bpmn":
                models.append(Model(file.name, _parse(file)))
            else:
                decisions.append(Decisions(file.name, _parse(file)))
        except (etree.XMLSyntaxError, ValueError, KeyError, TypeError) as error:
            unreadable.append((file.name, str(error)))
    return ModelFolder(tuple(models), tuple(decisions), forms, tuple(unreadable))


def _parse(file: Path) -> Xml:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.parse(str(file), parser).getroot()
