"""Small models for the linter's tests: correct except for the one mistake that a test adds."""

import re
from pathlib import Path

from order_api.camunda.lint import Finding, lint

THROWS = {
    "authorize-payment": frozenset({"payment_declined"}),
    "mark-overdue": frozenset[str](),
    "notify-customer": frozenset[str](),
    "record-decision": frozenset[str](),
    "update-status": frozenset[str](),
}
RETURNS = {"record-decision": frozenset({"decision"})}
STATUSES = {"on_hold": "open", "reserved": "open", "completed": "done", "canceled": "canceled"}
NOTICES = frozenset({"order_confirmed"})

FRAME = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI">
<bpmn:process id="{key}" isExecutable="true"{attributes}>{body}</bpmn:process>{shared}
<bpmndi:BPMNDiagram>{shapes}</bpmndi:BPMNDiagram></bpmn:definitions>"""
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:camunda="http://camunda.org/schema/1.0/dmn">
<decision id="{key}"{attributes}><decisionTable>{rules}</decisionTable></decision></definitions>"""
KEPT = ' camunda:historyTimeToLive="P180D"'
CATCH_ALL = "<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>"
SHARED = (
    '<bpmn:message id="m_shipped" name="item-shipped"/><bpmn:message id="m_lost" name="item-lost"/>'
    '<bpmn:error id="e_declined" errorCode="payment_declined"/><bpmn:error id="e_lost" errorCode="item_lost"/>'
)
TIMER = "<bpmn:timerEventDefinition/>"
OFFERED = ' camunda:candidateGroups="csr-admin"'
DECIDES = (
    "<bpmn:extensionElements><camunda:taskListener event='complete'"
    ' expression="${task.setAssignee(currentUser())}"/></bpmn:extensionElements>'
)


def model(body: str, *, key: str = "order-submit", attributes: str = KEPT, undrawn: str = "") -> str:
    ids = [identity for identity in re.findall(r'<bpmn:\w+ id="(\w+)"', body) if identity != undrawn]
    shapes = "".join(f'<bpmndi:BPMNShape bpmnElement="{identity}"/>' for identity in ids)
    return FRAME.format(key=key, attributes=attributes, body=body, shared=SHARED, shapes=shapes)


def table(key: str, rules: str = CATCH_ALL, attributes: str = KEPT) -> str:
    return TABLE.format(key=key, attributes=attributes, rules=rules)


def external(identity: str, topic: str, **properties: str) -> str:
    entries = "".join(f'<camunda:property name="{_kebab(n)}" value="{v}"/>' for n, v in properties.items())
    return (
        f'<bpmn:serviceTask id="{identity}" camunda:type="external" camunda:topic="{topic}">'
        f"<bpmn:extensionElements><camunda:properties>{entries}</camunda:properties></bpmn:extensionElements></bpmn:serviceTask>"
    )


def boundary(identity: str, host: str, definition: str) -> str:
    return f'<bpmn:boundaryEvent id="{identity}" attachedToRef="{host}">{definition}</bpmn:boundaryEvent>'


def caught(identity: str, host: str, error: str) -> str:
    return boundary(identity, host, f'<bpmn:errorEventDefinition errorRef="{error}"/>')


def listener(event: str, *expressions: str) -> str:
    entries = "".join(f"<camunda:executionListener event='{event}' expression='{text}'/>" for text in expressions)
    return f"<bpmn:extensionElements>{entries}</bpmn:extensionElements>"


def findings(folder: Path, **files: str) -> list[Finding]:
    """Files by name and kind: `order_bpmn`, `table_dmn`, `review_form`."""
    for name, content in files.items():
        stem, kind = name.rsplit("_", 1)
        (folder / f"{stem}.{kind}").write_text(content, encoding="utf-8")
    return lint(folder, THROWS, RETURNS, STATUSES, NOTICES)


def problems(folder: Path, **files: str) -> list[tuple[str, str]]:
    return [(finding.element, finding.problem) for finding in findings(folder, **files)]


def _kebab(name: str) -> str:
    return name.replace("_", "-")
