"""Each gateway and worker knows the answers of the table or form in front of it."""

import re
from typing import Any

import pytest

from order_api.camunda.model_files import Xml, camunda, identity, properties
from order_api.camunda.names import Decision, Process, Property
from tests.contract.our_models import every, folder, forms, offered_in, text_of


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
        assert offered_in(task) == conditions_at(behind)
        assert default_target(behind) == task


def test_the_answers_that_no_gateway_sees_are_those_the_worker_behind_knows() -> None:
    assert offered_in("usertask_capture_declined") == {"retry"}
    assert offered_in("usertask_capture_declined_after_cancel") == {"retry"}
    assert offered_in("usertask_shipped_after_cancel") == {"customer_keeps", "customer_returns"}


def element(name: str) -> Xml:
    return next(node for model in folder().models for node in model.flow_nodes() if identity(node) == name)


def targets(source: str) -> set[str | None]:
    return {flow.get("targetRef") for flow in every("sequenceFlow") if flow.get("sourceRef") == source}
