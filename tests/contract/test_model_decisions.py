"""Each gateway and worker knows the answers of the table or form in front of it."""

import re
from dataclasses import fields

import pytest

from order_api.camunda.model_files import CAMUNDA, Xml, camunda, decision_of, identity, properties
from order_api.camunda.names import Decision, Process, Property
from order_api.proof.fees import FeeTax, Per
from order_api.refunds.judge import ALREADY_GRANTED, OVER
from order_api.refunds.models import Approval
from order_api.refunds.paid_twice import CAME_BACK, WRITTEN_OFF
from order_api.returns import words
from order_api.returns.decide import DECISIONS
from order_api.returns.judge import Judged
from order_api.returns.policy import FeeAnswer, PolicyAnswer
from order_api.returns.question import LineQuestion
from order_api.returns.settle import WaitsFor
from tests.contract.our_models import every, folder, forms, offered_in, text_of
from workers.topics.judge_return import ASK


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
    """Of a table with several outputs, the task stores each under its name."""
    names = {d.file: {str(output.get("name")) for output in d.every("output")} for d in folder().decisions}

    for task in every("businessRuleTask"):
        stored = {entry.get("name") for entry in task.iter(f"{CAMUNDA}outputParameter")}
        if decision_of(task) in AS_JSON:
            continue
        expected = names[f"{decision_of(task)}.dmn"]
        assert (stored or {camunda(task, "resultVariable")}) == expected


AS_JSON = {Decision.RETURN_POLICY, Decision.RETURN_FEES}
"""A worker reads the whole answers of these tables by the names of their outputs."""
FUNCTIONS = {"number", "date"}
"""Of FEEL, in the expressions of inputs."""


def test_the_tables_of_returns_have_the_outputs_and_words_that_the_worker_reads() -> None:
    outputs = {d.file: {str(output.get("name")) for output in d.every("output")} for d in folder().decisions}
    policy, fees = allowed_outputs(Decision.RETURN_POLICY), allowed_outputs(Decision.RETURN_FEES)

    assert outputs["return-policy.dmn"] == {f.name for f in fields(PolicyAnswer)} - {"version"}
    assert outputs["return-fees.dmn"] == {f.name for f in fields(FeeAnswer)} - {"of_net"} | {"of"}
    assert policy == {*words.Decision, *words.ShippingBack, *words.RefundWhen}
    assert fees == {"late", "restocking", "label", "gross", "net", *Per, *FeeTax}


@pytest.mark.parametrize("table", sorted(AS_JSON))
def test_the_tables_of_returns_are_asked_what_the_question_holds(table: Decision) -> None:
    file = next(d for d in folder().decisions if d.file == f"{table}.dmn")
    asked = {name for e in file.every("inputExpression") for name in re.findall(r"[a-z_]+", text_of(e))} - FUNCTIONS

    assert asked == LineQuestion.names() - {"return_line"}


def test_every_answer_about_a_return_has_a_way_out() -> None:
    assert conditions_at("gateway_allowed") | {"supervisor"} == {ASK, *Judged}
    assert default_target("gateway_allowed") == "task_tell_announced"
    assert conditions_at("gateway_return_waits_for") | {"goods"} == set(WaitsFor)
    assert default_target("gateway_return_waits_for") == "wait_for_goods"
    assert offered_in("usertask_return_approval") == conditions_at("gateway_return_approval")
    assert offered_in("usertask_return_differs") | offered_in("usertask_not_arrived") == set(DECISIONS)


def test_every_answer_of_the_refund_table_has_a_way_out() -> None:
    answers = allowed_outputs(Decision.REFUND_APPROVAL)

    assert answers == set(Approval)
    assert conditions_at("gateway_judged") | {"supervisor"} == answers | {ALREADY_GRANTED, OVER}
    assert default_target("gateway_judged") == "usertask_approve_refund"


def test_every_form_is_shown_by_a_task() -> None:
    assert {camunda(task, "formRef") for task in every("userTask")} == set(forms())


@pytest.mark.parametrize(
    ("task", "record", "behind"),
    [
        ("usertask_review_fraud", "task_record_fraud_review", "gateway_fraud_review"),
        ("usertask_payment_declined", "task_record_payment_decision", "gateway_payment_decision"),
        ("usertask_unable_to_ship", "task_record_unable_decision", "gateway_unable_decision"),
        ("usertask_route_item", "task_record_route", "gateway_route"),
    ],
)
def test_the_answers_a_form_offers_are_those_the_gateway_behind_it_knows(task: str, record: str, behind: str) -> None:
    assert [targets(task), targets(record)] == [{record}, {behind}]
    assert properties(element(record))[Property.DECISION_OF] == task
    assert offered_in(task) == conditions_at(behind)
    assert default_target(behind) == task


CAPTURE_ANSWERS = {"retry", "write_off"}


@pytest.mark.parametrize(
    ("task", "record", "behind", "answers"),
    [
        ("usertask_capture_declined", "task_record_capture_decision", "gateway_capture_decision", CAPTURE_ANSWERS),
        ("usertask_paid_twice", "task_record_surplus", "task_explain_surplus", {CAME_BACK, WRITTEN_OFF}),
        ("usertask_money_unexplained", "task_record_explanation", "task_close_order", {"check_again"}),
        (
            "usertask_shipped_after_cancel",
            "task_record_late_shipment",
            "gateway_goods_left",
            {"customer_keeps", "customer_returns"},
        ),
    ],
)
def test_a_form_offers_these_answers_when_no_gateway_branches_on_them(
    task: str, record: str, behind: str, answers: set[str]
) -> None:
    assert [targets(task), targets(record)] == [{record}, {behind}]
    assert properties(element(record))[Property.DECISION_OF] == task
    assert offered_in(task) == answers


def test_an_unpaid_parcel_is_written_off_or_tried_again() -> None:
    assert condition("gateway_capture_decision", "task_write_off") == '${decision == "write_off"}'
    assert default_target("gateway_capture_decision") == "task_capture_payment"
    assert targets("task_write_off") == {"gateway_written_off"}
    assert condition("gateway_written_off", "end_parcel_settled") == "${payment_written_off}"
    assert default_target("gateway_written_off") == "task_capture_payment"


def test_a_canceled_order_whose_goods_left_anyway_closes_only_after_a_decision() -> None:
    assert default_target("gateway_goods_left") == "task_notify_rest_canceled"
    assert targets("task_notify_rest_canceled") == {"usertask_shipped_after_cancel"}
    assert condition("gateway_goods_left", "task_close_order") == '${units_shipped && decision != ""}'


def condition(source: str, target: str) -> str:
    [flow] = [f for f in every("sequenceFlow") if (f.get("sourceRef"), f.get("targetRef")) == (source, target)]
    return text_of(flow)


@pytest.mark.parametrize(
    ("status", "gateway", "queue"),
    [
        ("task_hold_for_review", "gateway_fraud_review", "usertask_review_fraud"),
        ("task_hold_item", "gateway_route", "usertask_route_item"),
    ],
)
def test_a_restarted_flow_bypasses_a_queue_that_has_already_decided(status: str, gateway: str, queue: str) -> None:
    assert targets(status) == {gateway}
    assert default_target(gateway) == queue
    assert properties(element(status))[Property.DECISION_OF] == queue


def element(name: str) -> Xml:
    return next(node for model in folder().models for node in model.flow_nodes() if identity(node) == name)


def targets(source: str) -> set[str | None]:
    return {flow.get("targetRef") for flow in every("sequenceFlow") if flow.get("sourceRef") == source}
