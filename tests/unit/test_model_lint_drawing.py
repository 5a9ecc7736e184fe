"""Waits, gateways, forms, decisions, code and the diagram: each test draws one mistake."""

from pathlib import Path

import pytest

from tests.unit.small_models import (
    CATCH_ALL,
    DECIDES,
    KEPT,
    OFFERED,
    TIMER,
    boundary,
    external,
    listener,
    model,
    problems,
    table,
)

GATEWAY = '<bpmn:exclusiveGateway id="gateway_a"{default}/>'
CONDITION = "<bpmn:conditionExpression>${a}</bpmn:conditionExpression>"
YES = f'<bpmn:sequenceFlow id="flow_yes" name="Yes" sourceRef="gateway_a">{CONDITION}</bpmn:sequenceFlow>'
NO = '<bpmn:sequenceFlow id="flow_no" name="No" sourceRef="gateway_a"/>'
FOREVER = "It may wait forever."


def person(attributes: str = "", inside: str = "", offered: str = OFFERED) -> str:
    return f'<bpmn:userTask id="usertask_a"{attributes}{offered}>{inside}</bpmn:userTask>' + boundary(
        "event_late", "usertask_a", TIMER
    )


def rule_task(attributes: str = ' camunda:decisionRefBinding="deployment"') -> str:
    return f'<bpmn:businessRuleTask id="task_rule" camunda:decisionRef="flow"{attributes}/>'


@pytest.mark.parametrize(
    "wait", [f'<bpmn:userTask id="w"{OFFERED}/>', '<bpmn:receiveTask id="w" messageRef="m_shipped"/>']
)
def test_a_wait_without_a_timer_is_found(tmp_path: Path, wait: str) -> None:
    assert problems(tmp_path, order_bpmn=model(wait)) == [("w", FOREVER)]


def test_a_recorded_decision_needs_the_listener_that_keeps_who_decided(tmp_path: Path) -> None:
    record = external("task_record", "record-decision", decision_of="usertask_a")

    assert problems(tmp_path, order_bpmn=model(person() + record)) == [("usertask_a", "It does not say who decided.")]
    assert problems(tmp_path, order_bpmn=model(person(inside=DECIDES) + record)) == []


def test_a_gateway_without_default_is_found(tmp_path: Path) -> None:
    no = NO.replace("/>", f">{CONDITION}</bpmn:sequenceFlow>")

    found = problems(tmp_path, order_bpmn=model(GATEWAY.format(default="") + YES + no))

    assert found == [("gateway_a", "It has no default flow: an unforeseen answer stops the order.")]


def test_an_answer_without_condition_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(GATEWAY.format(default=' default="flow_yes"') + YES + NO))

    assert found == [("flow_no", "It has no condition.")]


def test_an_answer_without_name_is_found(tmp_path: Path) -> None:
    body = GATEWAY.format(default=' default="flow_no"') + YES + NO.replace(' name="No"', "")

    assert problems(tmp_path, order_bpmn=model(body)) == [("flow_no", "It has no name.")]


def test_a_form_without_file_is_found(tmp_path: Path) -> None:
    body = person(' camunda:formRef="reviews" camunda:formRefBinding="deployment"')

    found = problems(tmp_path, order_bpmn=model(body), review_form='{"id": "review"}')

    assert found == [("usertask_a", "There is no form file with the id 'reviews'.")]


@pytest.mark.parametrize(
    "reference", [' camunda:formRef="review"', ' camunda:formKey="camunda-forms:deployment:review.form"']
)
def test_a_form_that_is_not_bound_to_the_deployment_is_found(tmp_path: Path, reference: str) -> None:
    found = problems(tmp_path, order_bpmn=model(person(reference)), review_form='{"id": "review"}')

    assert found == [("usertask_a", "Its form is not bound to this version of the model.")]


def test_a_decision_without_file_is_found(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model(rule_task())) == [("task_rule", "There is no decision 'flow' here.")]


def test_a_decision_that_is_not_bound_to_the_deployment_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(rule_task("")), flow_dmn=table("flow"))

    assert found == [("task_rule", "Its decision is not bound to this version of the model.")]


def test_a_table_that_previews_ask_must_be_bound_to_its_latest_version(tmp_path: Path) -> None:
    def bound_to(binding: str) -> list[tuple[str, str]]:
        task = rule_task(f' camunda:decisionRefBinding="{binding}"').replace('"flow"', '"refund-approval"')
        return problems(tmp_path, order_bpmn=model(task), approval_dmn=table("refund-approval"))

    problem = "A preview asks the latest version of its decision, so the process must ask the same."
    assert bound_to("deployment") == [("task_rule", problem)]
    assert bound_to("latest") == []


def test_a_table_without_catch_all_row_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(rule_task()), flow_dmn=table("flow", CATCH_ALL.replace("-", '"pos"')))

    assert found == [("flow", "An order that fits no row would stop.")]


SCRIPT = '<bpmn:extensionElements><camunda:script scriptFormat="groovy"/></bpmn:extensionElements>'
SCRIPTED_CONDITION = '<bpmn:conditionExpression language="groovy">1</bpmn:conditionExpression>'


@pytest.mark.parametrize(
    "body",
    [
        '<bpmn:scriptTask id="task_a"/>',
        f'<bpmn:task id="task_a">{SCRIPT}</bpmn:task>',
        f'<bpmn:sequenceFlow id="task_a">{SCRIPTED_CONDITION}</bpmn:sequenceFlow>',
    ],
)
def test_a_script_is_found(tmp_path: Path, body: str) -> None:
    assert problems(tmp_path, order_bpmn=model(body)) == [("task_a", "It holds a script.")]


@pytest.mark.parametrize("code", ['class="a.B"', 'delegateExpression="${b}"', 'expression="${b.c()}"'])
def test_a_listener_that_calls_code_is_found(tmp_path: Path, code: str) -> None:
    listener = f'<bpmn:extensionElements><camunda:executionListener event="start" {code}/></bpmn:extensionElements>'

    found = problems(tmp_path, order_bpmn=model(f'<bpmn:endEvent id="end_a">{listener}</bpmn:endEvent>'))

    assert found == [("end_a", "It calls code inside the engine.")]


@pytest.mark.parametrize("word", ["null", '"wait_a"'])
def test_a_listener_that_sets_a_local_variable_to_a_constant_has_no_finding(tmp_path: Path, word: str) -> None:
    sets_it = listener("start", f'${{execution.setVariableLocal("overdue_wait", {word})}}')

    assert problems(tmp_path, order_bpmn=model(f'<bpmn:endEvent id="end_a">{sets_it}</bpmn:endEvent>')) == []


@pytest.mark.parametrize(
    "expression",
    [
        '${execution.setVariable("overdue_wait", "wait_a")}',
        '${execution.setVariableLocal("overdue_wait", decision)}',
        '${execution.setVariableLocal("overdue_wait", null)}${b.c()}',
    ],
)
def test_a_listener_that_does_more_than_set_a_local_constant_is_found(tmp_path: Path, expression: str) -> None:
    sets_it = listener("start", expression)

    found = problems(tmp_path, order_bpmn=model(f'<bpmn:endEvent id="end_a">{sets_it}</bpmn:endEvent>'))

    assert found == [("end_a", "It calls code inside the engine.")]


def test_a_missing_time_to_live_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model("", attributes=""), flow_dmn=table("flow", attributes=""))

    assert found == [
        ("order-submit", "It has no history time to live, so its history is never deleted."),
        ("flow", "It has no history time to live, so its history is never deleted."),
    ]
    assert problems(tmp_path, order_bpmn=model("", attributes=KEPT), flow_dmn=table("flow")) == []


@pytest.mark.parametrize("generated", ["Event_0x1y2z3", "Activity_1abcde", "Flow_0xyz12a", "Gateway_0aaaaaa"])
def test_a_generated_id_is_found(tmp_path: Path, generated: str) -> None:
    assert problems(tmp_path, order_bpmn=model(f'<bpmn:endEvent id="{generated}"/>')) == [
        (generated, "Its id is generated.")
    ]


def test_an_element_without_shape_is_found(tmp_path: Path) -> None:
    body = '<bpmn:startEvent id="start_a" camunda:asyncBefore="true"/><bpmn:endEvent id="end_a"/>'

    assert problems(tmp_path, order_bpmn=model(body, undrawn="end_a")) == [("end_a", "It is not in the diagram.")]


def test_a_model_without_diagram_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model('<bpmn:endEvent id="end_a"/>', undrawn="end_a"))

    assert found == [("", "It has no diagram.")]
