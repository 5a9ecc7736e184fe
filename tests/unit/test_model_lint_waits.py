"""Waits without an end or a name, shared variables and starts without a save point: each test draws one mistake."""

from pathlib import Path

import pytest

from tests.unit.small_models import OFFERED, TIMER, boundary, external, findings, listener, model, problems

FOREVER = "It may wait forever."
LOOP = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="items"{more}/>'
PART = '<bpmn:subProcess id="part_items">{loop}</bpmn:subProcess>'


def catch(identity: str, definition: str = '<bpmn:messageEventDefinition messageRef="m_shipped"/>') -> str:
    return f'<bpmn:intermediateCatchEvent id="{identity}">{definition}</bpmn:intermediateCatchEvent>'


def flow(source: str, target: str) -> str:
    return f'<bpmn:sequenceFlow id="flow_{target}" sourceRef="{source}" targetRef="{target}"/>'


GATEWAY = (
    '<bpmn:eventBasedGateway id="gateway_first"/>' + catch("catch_shipped") + flow("gateway_first", "catch_shipped")
)


def test_a_message_caught_between_tasks_without_a_timer_is_found(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model(catch("catch_shipped"))) == [("catch_shipped", FOREVER)]


def test_a_gateway_of_events_without_a_timer_is_found(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model(GATEWAY)) == [("gateway_first", FOREVER)]


def test_a_gateway_of_events_with_a_timer_has_no_finding(tmp_path: Path) -> None:
    timer = catch("catch_late", TIMER) + flow("gateway_first", "catch_late")

    assert problems(tmp_path, order_bpmn=model(GATEWAY + timer)) == []


def test_a_timer_alone_does_not_wait_forever(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model(catch("catch_late", TIMER))) == []


@pytest.mark.parametrize("more", ["", ' camunda:asyncBefore="false"'])
def test_an_order_that_starts_without_a_save_point_is_found(tmp_path: Path, more: str) -> None:
    found = problems(tmp_path, order_bpmn=model(f'<bpmn:startEvent id="start_order"{more}/>'))

    assert found == [("start_order", "An error after it would undo the start of the order.")]


def test_an_order_that_starts_with_a_save_point_has_no_finding(tmp_path: Path) -> None:
    inner = '<bpmn:subProcess id="part_a"><bpmn:startEvent id="start_a"/></bpmn:subProcess>'

    found = problems(
        tmp_path, order_bpmn=model('<bpmn:startEvent id="start_order" camunda:asyncBefore="true"/>' + inner)
    )

    assert found == []


def test_a_loop_whose_parts_would_collide_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(PART.format(loop=LOOP.format(more=""))))

    assert found == [("part_items", "Its instances collide when they end together.")]


@pytest.mark.parametrize("more", [' camunda:asyncAfter="true"', ' isSequential="true"'])
def test_a_loop_with_a_save_point_or_in_sequence_has_no_finding(tmp_path: Path, more: str) -> None:
    assert problems(tmp_path, order_bpmn=model(PART.format(loop=LOOP.format(more=more)))) == []


OVERDUE = (
    '<bpmn:receiveTask id="wait_a" messageRef="m_shipped"/>'
    + boundary("event_late", "wait_a", TIMER)
    + external("task_mark", "mark-overdue")
)


def taken(inside: str = "") -> str:
    return (
        f'<bpmn:sequenceFlow id="flow_late" sourceRef="event_late" targetRef="task_mark">{inside}</bpmn:sequenceFlow>'
    )


def test_a_timer_that_does_not_say_which_wait_is_overdue_is_found(tmp_path: Path) -> None:
    [found] = findings(tmp_path, order_bpmn=model(OVERDUE + taken()))

    assert (found.element, found.problem) == ("flow_late", "It does not say which wait is overdue.")
    assert '${execution.setVariableLocal("overdue_wait", "wait_a")}' in found.remedy


def test_a_timer_that_says_which_wait_is_overdue_has_no_finding(tmp_path: Path) -> None:
    named = taken(listener("take", '${execution.setVariableLocal("overdue_wait", "wait_a")}'))

    assert problems(tmp_path, order_bpmn=model(OVERDUE + named)) == []


MESSAGE = '<bpmn:errorEventDefinition errorRef="e_declined" camunda:errorMessageVariable="error_message"/>'
OUTPUT = '<camunda:inputOutput><camunda:outputParameter name="decision"/></camunda:inputOutput>'
INSIDE = f"<bpmn:extensionElements>{OUTPUT}</bpmn:extensionElements>"
DECLINED = (
    external("task_authorize", "authorize-payment")
    + boundary("event_declined", "task_authorize", MESSAGE)
    + f'<bpmn:userTask id="usertask_a"{OFFERED}>{INSIDE}</bpmn:userTask>'
    + boundary("event_late", "usertask_a", TIMER)
)


def parcel_left(inside: str = "", triggered: str = ' triggeredByEvent="true"') -> str:
    return model(f'<bpmn:subProcess id="sub_parcel_left"{triggered}>{inside}{DECLINED}</bpmn:subProcess>')


def test_a_variable_that_the_flows_of_two_parcels_would_share_is_found(tmp_path: Path) -> None:
    declares_one = listener("start", '${execution.setVariableLocal("decision", null)}')

    assert problems(tmp_path, order_bpmn=parcel_left()) == [
        ("sub_parcel_left", "Its instances would share the variable 'decision'."),
        ("sub_parcel_left", "Its instances would share the variable 'error_message'."),
    ]
    assert problems(tmp_path, order_bpmn=parcel_left(declares_one)) == [
        ("sub_parcel_left", "Its instances would share the variable 'error_message'.")
    ]


def test_variables_that_each_flow_of_a_parcel_declares_have_no_finding(tmp_path: Path) -> None:
    names = ("decision", "error_message")
    declares_both = listener("start", *(f'${{execution.setVariableLocal("{name}", null)}}' for name in names))

    assert problems(tmp_path, order_bpmn=parcel_left(declares_both)) == []


def test_a_sub_process_with_only_one_instance_need_not_declare_variables(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=parcel_left(triggered="")) == []
