"""Statuses in models: each test draws one mistake."""

from pathlib import Path

import pytest

from tests.unit.small_models import CATCH_ALL, TIMER, boundary, external, findings, model, problems, table

ITEM_STATUS = external("task_a", "update-status", item_status_after="reserved")
LOOP = (
    '<bpmn:subProcess id="sub_items"><bpmn:multiInstanceLoopCharacteristics'
    ' camunda:asyncAfter="true" camunda:collection="${items.elements()}"/></bpmn:subProcess>'
)


def test_an_unknown_category_is_found(tmp_path: Path) -> None:
    task = external("task_a", "update-status", order_status="gift_wrapping", status_category="working")

    assert problems(tmp_path, order_bpmn=model(task)) == [("task_a", "There is no category 'working'.")]


def test_a_designers_status_needs_a_category(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(external("task_a", "update-status", order_status="gift_wrapping")))

    assert found == [("task_a", "'gift_wrapping' (order-status) is not a default status and has no category.")]


def test_the_remedy_for_a_designers_status_names_the_categories(tmp_path: Path) -> None:
    without = external("task_a", "update-status", order_status="gift_wrapping")
    wrong = external("task_b", "update-status", order_status="gift_wrapping", status_category="reserved")

    found = findings(tmp_path, order_bpmn=model(without + wrong))

    assert len(found) == 2
    assert all("one of: open, fulfilling, done, canceled, returned." in finding.remedy for finding in found)


def test_a_designers_status_with_a_category_is_right(tmp_path: Path) -> None:
    task = external("task_a", "update-status", order_status="gift_wrapping", status_category="fulfilling")

    assert problems(tmp_path, order_bpmn=model(task)) == []


def test_a_status_on_a_wait_is_never_set(tmp_path: Path) -> None:
    status = '<camunda:properties><camunda:property name="order-status" value="on_hold"/></camunda:properties>'
    inside = f"<bpmn:extensionElements>{status}</bpmn:extensionElements>"
    wait = f'<bpmn:receiveTask id="wait_a" messageRef="m_shipped">{inside}</bpmn:receiveTask>'

    found = problems(tmp_path, order_bpmn=model(wait + boundary("event_late", "wait_a", TIMER)))

    assert found == [("wait_a", "Nothing sets the 'order-status' of this element.")]


def test_an_item_status_needs_an_item(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(ITEM_STATUS, key="order-return"))

    assert found == [("task_a", "'item-status-after' is set where no item is known.")]


def test_an_order_that_loops_over_its_items_may_set_the_status_of_all(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model(ITEM_STATUS + LOOP)) == []


def test_a_process_chosen_by_a_table_and_called_with_an_item_may_set_its_status(tmp_path: Path) -> None:
    table_of_flows = 'camunda:decisionRef="flow" camunda:decisionRefBinding="deployment"'
    choose = f'<bpmn:businessRuleTask id="task_choose" {table_of_flows} camunda:resultVariable="chosen"/>'
    passed = '<bpmn:extensionElements><camunda:in source="item_id" target="item_id"/></bpmn:extensionElements>'
    call = f'<bpmn:callActivity id="call_item" calledElement="${{chosen}}">{passed}</bpmn:callActivity>'
    rules = CATCH_ALL.replace("<text>1<", '<text>"luxury-gift"<')

    found = problems(
        tmp_path,
        order_bpmn=model(choose + call),
        luxury_bpmn=model(ITEM_STATUS, key="luxury-gift"),
        flow_dmn=table("flow", rules),
    )

    assert found == []


@pytest.mark.parametrize("name", ["order_status", "order_status_after"])
def test_an_order_status_in_the_flow_of_an_item_is_found(tmp_path: Path, name: str) -> None:
    task = external("task_a", "update-status", **{name: "on_hold"})
    problem = f"'{name.replace('_', '-')}' of one item would overwrite that of another."

    assert problems(tmp_path, order_bpmn=model(task, key="item-in-store")) == [("task_a", problem)]
    assert problems(tmp_path, order_bpmn=model(task)) == []


def test_an_item_status_in_the_flow_of_an_item_is_right(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model(ITEM_STATUS, key="item-in-store")) == []


def test_a_final_status_on_entry_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(external("task_a", "update-status", order_status="completed")))

    assert found == [("task_a", "'completed' (done) is set before the work is done.")]


def test_an_emptied_status_counts_as_none(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model(external("task_a", "update-status", order_status=""))) == []
