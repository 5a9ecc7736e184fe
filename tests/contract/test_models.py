"""Names that models and Python share, held together from both sides: what one of them uses, the other has."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.camunda.filters import CARD_VARIABLES, QUEUES
from order_api.camunda.model_files import (
    BPMN,
    CAMUNDA,
    Model,
    ModelFolder,
    Xml,
    camunda,
    identity,
    inputs,
    kind,
    properties,
    read,
    topic,
)
from order_api.camunda.names import BpmnError, Decision, Group, Message, Process, Property, Topic
from order_api.cli.models import findings_in
from order_api.core.database import transaction
from order_api.core.errors import ServiceError
from order_api.notifications.notices import Notice
from order_api.orders.status import ITEM_STATUSES, ORDER_STATUSES, Category
from order_api.outbox.models import OutboxRow
from order_api.stores.properties import CollectionProperties
from tests.factories.orders import line
from tests.fixtures.service import Client
from tests.fixtures.system import ROOT
from workers.runtime.registry import handlers

MODELS = ROOT / "bpmn_models"
TEMPLATES = ROOT / "order_api" / "notifications" / "templates"


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


def text_of(cell: Xml) -> str:
    return "".join(map(str, cell.itertext())).strip()


# Keys, topics, messages, errors.


def test_our_models_pass_the_lint() -> None:
    assert [str(finding) for finding in findings_in(MODELS)] == []


def test_every_process_and_decision_has_its_name_in_python_and_its_file() -> None:
    assert {identity(process) for process in every("process")} == set(Process)
    assert {model.file for model in folder().models} == {f"{process}.bpmn" for process in Process}
    assert folder().keys_of_decisions() == set(Decision)
    assert {decisions.file for decisions in folder().decisions} == {f"{decision}.dmn" for decision in Decision}


def test_every_decision_is_asked_for_in_a_model() -> None:
    assert {camunda(task, "decisionRef") for task in every("businessRuleTask")} == set(Decision)


def test_every_topic_has_a_worker_and_a_task() -> None:
    assert set(handlers()) == set(Topic)
    assert {topic(task) for task in external_tasks()} == set(Topic)


def test_every_message_is_awaited_and_sent() -> None:
    waits = [(m, e) for m in folder().models for e in m.every("receiveTask", "messageEventDefinition")]

    assert {model.message_name(event.get("messageRef")) for model, event in waits} == set(Message)
    assert sent_by_python() == {message.name for message in Message}


def sent_by_python() -> set[str]:
    """Members of Message that are an argument of `announce.correlate`."""
    return {
        argument.attr
        for file in (ROOT / "order_api").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "correlate"
        for argument in call.args
        if isinstance(argument, ast.Attribute)
        and isinstance(argument.value, ast.Name)
        and argument.value.id == Message.__name__
    }


def test_every_business_error_is_caught_thrown_and_raised() -> None:
    by_workers = {code for handler in handlers().values() for code in handler.throws}

    assert caught() - thrown_by_models() == set(BpmnError)
    assert by_workers == set(BpmnError)
    assert set(BpmnError) <= {refusal("of a test").code for refusal in refusals(ServiceError)}


def caught() -> set[str | None]:
    definitions = [(m, d) for m in folder().models for e in m.every("boundaryEvent") for d in e.iter(f"{BPMN}errorEventDefinition")]
    return {model.error_code(definition) for model, definition in definitions}


def thrown_by_models() -> set[str | None]:
    return {code for model in folder().models for code in model.thrown_by_error_ends(model.root)}


def refusals(base: type[ServiceError]) -> Iterator[type[ServiceError]]:
    for refusal in base.__subclasses__():
        yield refusal
        yield from refusals(refusal)


def test_every_property_in_the_models_and_templates_is_known() -> None:
    drawn = {entry.get("name") for model in folder().models for entry in model.root.iter(f"{CAMUNDA}property")}

    assert drawn <= set(Property)
    assert offered("camunda:property") <= set(Property)


def test_the_statuses_of_our_models_are_the_default_ones() -> None:
    tasks = [properties(task) for task in external_tasks()]

    assert set_in(tasks, Property.ORDER_STATUS, Property.ORDER_STATUS_AFTER) <= set(ORDER_STATUSES)
    assert set_in(tasks, Property.ITEM_STATUS, Property.ITEM_STATUS_AFTER) <= set(ITEM_STATUSES)


def set_in(tasks: Iterable[dict[str, str]], *names: Property) -> set[str]:
    return {found[name] for found in tasks for name in names if name in found}


# Templates of Modeler.


def templates() -> list[dict[str, Any]]:
    return list(json.loads((MODELS / "element_templates" / "order-service.json").read_text()))


def offered(binding: str) -> set[str]:
    return {p["binding"]["name"] for template in templates() for p in template["properties"] if p["binding"]["type"] == binding}


def choices(property_name: str) -> list[set[str]]:
    return [
        {choice["value"] for choice in entry["choices"]} - {""}
        for template in templates()
        for entry in template["properties"]
        if entry["binding"]["name"] == property_name and "choices" in entry
    ]


def test_a_designer_is_offered_every_topic_and_nothing_else() -> None:
    topics = {p["value"] for t in templates() for p in t["properties"] if p["binding"]["name"] == "camunda:topic"}

    assert topics == set(Topic)


def test_a_designer_is_offered_every_notice_and_category() -> None:
    assert all(offer == set(Notice) for offer in choices(Property.NOTICE))
    assert choices(Property.NOTICE)
    assert all(offer == set(Category) for offer in choices(Property.STATUS_CATEGORY))
    assert choices(Property.STATUS_CATEGORY)


# Notices and queues.


def test_every_notice_is_sent_by_a_model_and_has_a_template() -> None:
    assert {properties(task).get(Property.NOTICE) for task in external_tasks()} - {None} == set(Notice)
    assert {file.stem for file in TEMPLATES.iterdir()} == set(Notice)


def test_every_task_of_people_is_in_one_queue_that_its_candidates_see() -> None:
    in_models = {identity(task): set((camunda(task, "candidateGroups") or "").split(",")) for task in every("userTask")}
    in_queues = [(task, set(queue.groups)) for queue in QUEUES for task in queue.tasks]

    assert len(in_queues) == len(dict(in_queues))
    assert dict(in_queues) == in_models


def test_groups_of_the_models_exist() -> None:
    named = {group for task in every("userTask") for group in (camunda(task, "candidateGroups") or "").split(",")}

    assert named <= set(Group)


# What is decided.


def test_every_answer_of_the_fraud_table_has_a_way_out() -> None:
    answers = outputs(Decision.FRAUD_DECISION)

    assert allowed_outputs(Decision.FRAUD_DECISION) == answers
    assert conditions_at("gateway_fraud") | {"review"} == answers
    assert default_target("gateway_fraud") == "task_hold_for_review"


def test_the_item_table_names_processes_that_are_there() -> None:
    assert outputs(Decision.ITEM_FLOW) <= set(Process)


def outputs(decision: Decision) -> set[str]:
    file = next(d for d in folder().decisions if d.file == f"{decision}.dmn")
    return {text_of(cell).strip('"') for cell in file.every("outputEntry")}


def allowed_outputs(decision: Decision) -> set[str]:
    file = next(d for d in folder().decisions if d.file == f"{decision}.dmn")
    return {word.strip('"') for values in file.every("outputValues") for word in text_of(values).split(",")}


def conditions_at(gateway: str) -> set[str]:
    flows = [flow for flow in every("sequenceFlow") if flow.get("sourceRef") == gateway]
    return {word for flow in flows for word in re.findall(r'== "(\w+)"', text_of(flow))}


def default_target(gateway: str) -> str | None:
    default = next(g.get("default") for g in every("exclusiveGateway") if identity(g) == gateway)
    return next(flow.get("targetRef") for flow in every("sequenceFlow") if identity(flow) == default)


def test_the_result_of_a_table_is_stored_under_the_name_of_its_output() -> None:
    names = {d.file: identity_of_output(d) for d in folder().decisions}

    for task in every("businessRuleTask"):
        assert camunda(task, "resultVariable") == names[f"{camunda(task, 'decisionRef')}.dmn"]


def identity_of_output(decisions: Any) -> str | None:
    [output] = decisions.every("output")
    return str(output.get("name"))


def test_every_form_is_shown_by_a_task() -> None:
    assert {camunda(task, "formRef") for task in every("userTask")} == set(forms())


@pytest.mark.parametrize(
    ("task", "record", "behind"),
    [
        ("usertask_review_fraud", "task_record_fraud_review", "gateway_fraud_review"),
        ("usertask_payment_declined", "task_record_payment_decision", "gateway_payment_decision"),
        ("usertask_unable_to_ship", "task_record_unable_decision", "gateway_unable_decision"),
        ("usertask_capture_declined", "task_record_capture_decision", "task_capture_payment"),
        ("usertask_capture_declined_after_cancel", "task_record_late_capture_decision", "task_capture_shipped"),
        ("usertask_shipped_after_cancel", "task_record_late_shipment", "end_shipped_after_cancel"),
    ],
)
def test_the_answers_a_form_offers_are_those_the_gateway_behind_it_knows(task: str, record: str, behind: str) -> None:
    assert [targets(task), targets(record)] == [{record}, {behind}]
    assert properties(element(record))[Property.DECISION_OF] == task
    if behind.startswith("gateway_"):
        assert decisions_offered(task) == conditions_at(behind)
        assert default_target(behind) == task


def test_the_answers_that_no_gateway_sees_are_those_the_worker_behind_knows() -> None:
    assert decisions_offered("usertask_capture_declined") == {"retry"}
    assert decisions_offered("usertask_capture_declined_after_cancel") == {"retry"}
    assert decisions_offered("usertask_shipped_after_cancel") == {"customer_keeps", "customer_returns"}


def element(name: str) -> Xml:
    return next(node for model in folder().models for node in model.flow_nodes() if identity(node) == name)


def targets(source: str) -> set[str | None]:
    return {flow.get("targetRef") for flow in every("sequenceFlow") if flow.get("sourceRef") == source}


def decisions_offered(task: str) -> set[str]:
    form = forms()[camunda(element(task), "formRef")]
    [select] = [field for field in form["components"] if field.get("key") == "decision"]
    return {choice["value"] for choice in select["values"]}


# Process variables: whatever is used is set, by Python, by a worker or in the model itself.


@pytest.fixture(scope="module")
def given_at_the_start(app: Any, company: Any) -> dict[str, Any]:
    """What placing an order writes down for its process."""
    order = Client(app, company, company.channel_key).place(line())
    with transaction() as session:
        return dict(start_row(session, order["id"]).payload)


def start_row(session: Session, order_id: str) -> OutboxRow:
    return session.scalars(select(OutboxRow).where(OutboxRow.order_id == UUID(order_id), OutboxRow.kind == "start")).one()


def test_every_variable_that_the_order_process_uses_is_set(given_at_the_start: dict[str, Any]) -> None:
    known = set(given_at_the_start) | returned_by_workers() | set_in_model(Process.ORDER_SUBMIT)

    assert used_in(Process.ORDER_SUBMIT) - known == set()


def test_every_variable_that_an_item_process_uses_is_handed_to_it(given_at_the_start: dict[str, Any]) -> None:
    handed, taken = handed_to_items()

    assert taken <= set(given_at_the_start) | set_in_model(Process.ORDER_SUBMIT)
    assert used_in(Process.ITEM_SHIP_TO_HOME) - handed - returned_by_workers() - set_in_model(Process.ITEM_SHIP_TO_HOME) == set()


def test_every_variable_given_at_the_start_is_used(given_at_the_start: dict[str, Any]) -> None:
    used = {name for process in Process for name in used_in(process)} | handed_to_items()[1] | set(CARD_VARIABLES)

    assert set(given_at_the_start) - used == set()


def test_an_item_carries_what_the_loop_reads_of_it(given_at_the_start: dict[str, Any]) -> None:
    read_of_it = set(re.findall(r'item\.prop\("(\w+)"\)', (MODELS / "processes" / "order-submit.bpmn").read_text()))

    assert read_of_it == set(given_at_the_start["items"][0])


def test_the_waiting_times_of_a_collection_are_those_of_the_timers() -> None:
    timers = {name for t in every("timerEventDefinition") for name in variables_in(text_of(t))}

    assert timers == set(CollectionProperties().durations())


def test_the_cards_of_the_queues_show_variables_that_both_processes_have(given_at_the_start: dict[str, Any]) -> None:
    of_items = handed_to_items()[0]

    assert set(CARD_VARIABLES) - {"sku"} <= set(given_at_the_start) & of_items
    assert "sku" in of_items


WORDS_OF_THE_ENGINE = {"execution", "task", "null", "true", "false", "number"}


def variables_in(expression: str) -> set[str]:
    """Names in a JUEL or FEEL expression: neither texts, nor methods, nor what follows a dot."""
    by_name = set(re.findall(r'getVariable\("(\w+)"\)', expression))
    without_texts = re.sub(r'"[^"]*"', "", expression)
    names = re.findall(r"(?<![\w.])([a-z]\w*)(?!\w*\()", without_texts)
    return (by_name | set(names)) - WORDS_OF_THE_ENGINE


def used_in(process: Process) -> set[str]:
    model = model_of(process)
    raw = " ".join([*model.root.itertext(), *(v for e in model.root.iter() if kind(e) for v in e.attrib.values())])
    in_expressions = {name for found in re.findall(r"[$#]\{([^}]*)\}", raw) for name in variables_in(found)}
    return in_expressions | asked_by_tables(model) | shown_in_forms(model) | read_by_workers(model)


def asked_by_tables(model: Model) -> set[str]:
    keys = {camunda(task, "decisionRef") for task in model.every("businessRuleTask")}
    tables = [d for d in folder().decisions if d.file.removesuffix(".dmn") in keys]
    return {name for table in tables for e in table.every("inputExpression") for name in variables_in(text_of(e))}


def shown_in_forms(model: Model) -> set[str]:
    shown = [json.dumps(forms()[camunda(task, "formRef")]) for task in model.every("userTask")]
    return {name for form in shown for name in re.findall(r"\{\{(\w+)\}\}", form)}


def read_by_workers(model: Model) -> set[str]:
    """`item_id` is asked for by every task, and absent where the task is about the whole order."""
    known = {str(name): handler for name, handler in handlers().items()}
    return {name for task in model.external_tasks() for name in known[topic(task) or ""].variables} - {"item_id"}


def set_in_model(process: Process) -> set[str]:
    model = model_of(process)
    names = {
        element.get(f"{CAMUNDA}{attribute}")
        for element in model.root.iter()
        for attribute in ("resultVariable", "errorMessageVariable", "errorCodeVariable", "elementVariable")
    }
    inside = {name for node in model.flow_nodes() for name in inputs(node)}
    outside = {entry.get("name") for entry in model.root.iter(f"{CAMUNDA}outputParameter")}
    return {name for name in names | inside | outside if name}


def handed_to_items() -> tuple[set[str], set[str]]:
    """Names inside the called process, and names they are taken from."""
    entries = [entry for call in every("callActivity") for entry in call.iter(f"{CAMUNDA}in") if entry.get("source")]
    return {entry.get("target", "") for entry in entries}, {entry.get("source", "") for entry in entries}


def returned_by_workers() -> set[str]:
    """Keys of the dictionaries that handlers return."""
    return {
        str(key.value)
        for file in Path(ROOT / "workers" / "topics").glob("*.py")
        for found in ast.walk(ast.parse(file.read_text()))
        if isinstance(found, ast.Return) and found.value is not None
        for dictionary in ast.walk(found.value)
        if isinstance(dictionary, ast.Dict)
        for key in dictionary.keys
        if isinstance(key, ast.Constant)
    }


def test_no_expression_names_a_variable_in_a_way_this_file_does_not_see() -> None:
    assert variables_in('execution.getVariable("a_b") == null ? "The x." : execution.getVariable("c")') == {"a_b", "c"}
    assert variables_in('item.prop("sku").stringValue()') == {"item"}
    assert variables_in("number(total)") == {"total"}
    assert variables_in("task.setAssignee(currentUser())") == set()
