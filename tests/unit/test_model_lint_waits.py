"""Waits without an end and starts without a save point in models: each test draws one mistake."""

from pathlib import Path

import pytest

from tests.unit.small_models import TIMER, model, problems

FOR_EVER = "It may wait for ever."
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
    assert problems(tmp_path, order_bpmn=model(catch("catch_shipped"))) == [("catch_shipped", FOR_EVER)]


def test_a_gateway_of_events_without_a_timer_is_found(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model(GATEWAY)) == [("gateway_first", FOR_EVER)]


def test_a_gateway_of_events_with_a_timer_has_no_finding(tmp_path: Path) -> None:
    timer = catch("catch_late", TIMER) + flow("gateway_first", "catch_late")

    assert problems(tmp_path, order_bpmn=model(GATEWAY + timer)) == []


def test_a_timer_alone_is_no_wait_for_ever(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model(catch("catch_late", TIMER))) == []


@pytest.mark.parametrize("more", ["", ' camunda:asyncBefore="false"'])
def test_an_order_that_starts_without_a_save_point_is_found(tmp_path: Path, more: str) -> None:
    found = problems(tmp_path, order_bpmn=model(f'<bpmn:startEvent id="start_order"{more}/>'))

    assert found == [("start_order", "A mistake behind it would refuse every start.")]


def test_an_order_that_starts_with_a_save_point_has_no_finding(tmp_path: Path) -> None:
    inner = '<bpmn:subProcess id="part_a"><bpmn:startEvent id="start_a"/></bpmn:subProcess>'

    found = problems(
        tmp_path, order_bpmn=model('<bpmn:startEvent id="start_order" camunda:asyncBefore="true"/>' + inner)
    )

    assert found == []


def test_a_loop_whose_parts_would_collide_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(PART.format(loop=LOOP.format(more=""))))

    assert found == [("part_items", "Its parts collide when they end together.")]


@pytest.mark.parametrize("more", [' camunda:asyncAfter="true"', ' isSequential="true"'])
def test_a_loop_with_a_save_point_or_one_after_the_other_has_no_finding(tmp_path: Path, more: str) -> None:
    assert problems(tmp_path, order_bpmn=model(PART.format(loop=LOOP.format(more=more)))) == []
