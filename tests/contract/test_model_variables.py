"""Process variables: each one that a model uses is set by Python at the start, by a worker or in the model itself."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.camunda.filters import CARD_VARIABLES
from order_api.camunda.lint_rules.waits import LOCAL_WORD
from order_api.camunda.model_files import CAMUNDA, Model, Xml, camunda, decision_of, inputs, kind, topic
from order_api.camunda.names import Process
from order_api.core.database import transaction
from order_api.outbox.models import OutboxRow
from order_api.stores.properties import CollectionProperties
from tests.contract.our_models import MODELS, every, folder, model_of, shown_by, text_of
from tests.factories.companies import Company
from tests.factories.disorder import declined_then_tried_again, first_try
from tests.factories.gateway_events import report
from tests.factories.orders import line
from tests.factories.refunds import paid_order
from tests.factories.returned_goods import Returns
from tests.fixtures.service import Client
from workers.runtime.registry import Handler, handlers


@pytest.fixture(scope="module")
def given_at_the_start(app: Flask, company: Company) -> dict[str, Any]:
    """The variables that placing an order writes for its process."""
    order = Client(app, company, company.channel_key).place(line())
    with transaction() as session:
        return dict(start_row(session, order["number"]).payload)


def start_row(session: Session, number: str, process: Process = Process.ORDER_SUBMIT) -> OutboxRow:
    rows = select(OutboxRow).where(OutboxRow.business_key == number, OutboxRow.kind == "start")
    return session.scalars(rows.where(OutboxRow.process == process)).one()


def test_every_variable_that_the_order_process_uses_is_set(given_at_the_start: dict[str, Any]) -> None:
    known = set(given_at_the_start) | returned_by_workers(Process.ORDER_SUBMIT) | set_in_model(Process.ORDER_SUBMIT)

    assert used_in(Process.ORDER_SUBMIT) - known == set()


@pytest.fixture(scope="module")
def given_to_refunds(app: Flask, company: Company) -> dict[Process, dict[str, Any]]:
    """The variables that are written for the processes of a refund that was asked for and paid twice."""
    channel = Client(app, company, company.channel_key)
    refunds, number, _ = declined_then_tried_again(channel)
    first = first_try(refunds)
    refunds.pay(number)
    report(refunds.client, "refund_done", first)
    with transaction() as session:
        return {process: dict(start_row(session, number, process).payload) for process in OF_REFUNDS}


OF_REFUNDS = Process.ORDER_REFUND, Process.REFUND_PAID_TWICE


@pytest.mark.parametrize("process", OF_REFUNDS)
def test_every_variable_that_a_refund_uses_is_set_and_each_given_is_used(
    process: Process, given_to_refunds: dict[Process, dict[str, Any]]
) -> None:
    given, used = set(given_to_refunds[process]), used_in(process)

    assert used - given - returned_by_workers(process) - set_in_model(process) == set()
    assert given - used - set(CARD_VARIABLES) == {"order_id"}


def test_every_variable_that_a_return_uses_is_set_and_each_given_is_used(app: Flask, company: Company) -> None:
    returns, process = Returns(paid_order(Client(app, company, company.channel_key))), Process.ORDER_RETURN
    number = returns.announce(_1=1)
    with transaction() as session:
        given = set(start_row(session, number, process).payload)

    used = used_in(process)
    assert used - given - returned_by_workers(process) - set_in_model(process) == set()
    assert given - used - set(CARD_VARIABLES) == {"order_id"}


ITEM_PROCESSES = [process for process in Process if process.startswith("item-")]


@pytest.mark.parametrize("process", ITEM_PROCESSES)
def test_every_variable_that_an_item_process_uses_is_handed_to_it(
    process: Process, given_at_the_start: dict[str, Any]
) -> None:
    handed, taken = handed_to_items()
    known = handed | returned_by_workers(process) | set_in_model(process)

    assert taken <= set(given_at_the_start) | set_in_model(Process.ORDER_SUBMIT)
    assert used_in(process) - known == set()


def test_every_call_hands_an_item_process_the_same_variables() -> None:
    """The order's process or another item process may call any of them."""
    assert {frozenset(handed_in(call)) for call in every("callActivity")} == {frozenset(handed_to_items()[0])}


def test_every_variable_given_at_the_start_is_used(given_at_the_start: dict[str, Any]) -> None:
    used = {name for process in Process for name in used_in(process)} | handed_to_items()[1] | set(CARD_VARIABLES)

    assert set(given_at_the_start) - used == set()


def test_an_item_carries_what_the_loop_reads_of_it(given_at_the_start: dict[str, Any]) -> None:
    read_of_it = set(re.findall(r'item\.prop\("(\w+)"\)', (MODELS / "processes" / "order-submit.bpmn").read_text()))

    assert read_of_it == set(given_at_the_start["items"][0])


def test_the_waiting_times_of_a_collection_are_those_of_the_timers() -> None:
    timers = {name for t in every("timerEventDefinition") for name in variables_in(text_of(t))}

    assert timers - DATES == set(CollectionProperties().durations()) - OF_DATES
    assert timers >= DATES


DATES = {"return_expires_at", "return_remind_at", "return_overdue_at"}
"""A worker reckons them from the stored answers of the tables and from these limits of the collection."""
OF_DATES = {"return_time_limit", "return_reminder_window", "inspection_time_limit"}


def test_the_cards_of_the_queues_show_variables_that_both_processes_have(given_at_the_start: dict[str, Any]) -> None:
    of_items = handed_to_items()[0]

    assert set(CARD_VARIABLES) - {"sku", "refund_amount", "return_number"} <= set(given_at_the_start) & of_items
    assert "sku" in of_items


WORDS_OF_THE_ENGINE = {"execution", "task", "null", "true", "false", "number"}


def variables_in(expression: str) -> set[str]:
    """Variable names in a JUEL or FEEL expression, without string literals, methods and parts after a dot."""
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
    keys = {decision_of(task) for task in model.every("businessRuleTask")}
    tables = [d for d in folder().decisions if d.file.removesuffix(".dmn") in keys]
    return {name for table in tables for e in table.every("inputExpression") for name in variables_in(text_of(e))}


def shown_in_forms(model: Model) -> set[str]:
    return {name for task in model.every("userTask") for name in shown_by(camunda(task, "formRef") or "")}


def read_by_workers(model: Model) -> set[str]:
    """A task fetches `item_id` and `shipment_id` although it may be about the whole order, which has neither."""
    return {name for handler in workers_of(model) for name in handler.variables} - {"item_id", "shipment_id"}


def set_in_model(process: Process) -> set[str]:
    model = model_of(process)
    names = {
        element.get(f"{CAMUNDA}{attribute}")
        for element in model.root.iter()
        for attribute in ("resultVariable", "errorMessageVariable", "errorCodeVariable", "elementVariable")
    }
    inside = {name for node in model.flow_nodes() for name in inputs(node)}
    outside = {entry.get("name") for entry in model.root.iter(f"{CAMUNDA}outputParameter")}
    listeners = [LOCAL_WORD.fullmatch(e.get("expression", "")) for e in model.root.iter(f"{CAMUNDA}executionListener")]
    by_listeners = {match[1] for match in listeners if match}
    return {name for name in names | inside | outside | by_listeners if name}


def handed_to_items() -> tuple[set[str], set[str]]:
    """Names inside the called process, and the names that their values come from."""
    by_call = [handed_in(call) for call in every("callActivity")]
    return {name for handed in by_call for name in handed}, {name for handed in by_call for name in handed.values()}


def handed_in(call: Xml) -> dict[str, str]:
    """The name in the calling process, by the name in the called one."""
    entries = [entry for entry in call.iter(f"{CAMUNDA}in") if entry.get("source")]
    return {entry.get("target", ""): entry.get("source", "") for entry in entries}


def returned_by_workers(process: Process) -> set[str]:
    return {name for handler in workers_of(model_of(process)) for name in handler.returns}


def workers_of(model: Model) -> list[Handler]:
    known = {str(name): handler for name, handler in handlers().items()}
    return [known[topic(task) or ""] for task in model.external_tasks()]


@pytest.mark.parametrize("process", Process)
def test_every_variable_that_a_worker_returns_is_used(process: Process) -> None:
    assert returned_by_workers(process) - used_in(process) == set()


def test_variables_are_found_in_each_form_of_expression() -> None:
    assert variables_in('execution.getVariable("a_b") == null ? "The x." : execution.getVariable("c")') == {"a_b", "c"}
    assert variables_in('item.prop("sku").stringValue()') == {"item"}
    assert variables_in("number(total)") == {"total"}
    assert variables_in("task.setAssignee(currentUser())") == set()
