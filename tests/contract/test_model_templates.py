"""The tasks of our models match the templates for designers: a task made from a template is like ours."""

import pytest

from order_api.camunda.model_files import BPMN, Xml, identity, inputs, topic
from order_api.camunda.queue_templates import DECISION, ITEM_INPUTS, ORDER_INPUTS
from tests.contract.our_models import every, folder
from workers.runtime.registry import handlers

TEMPLATES = {str(name): handler.template for name, handler in handlers().items()}


@pytest.mark.parametrize("task", [task for model in folder().models for task in model.external_tasks()], ids=identity)
def test_a_task_is_documented_by_the_sentence_of_its_template(task: Xml) -> None:
    text = " ".join((task.findtext(f"{BPMN}documentation") or "").split())

    assert text.startswith(TEMPLATES[topic(task) or ""].does)


@pytest.mark.parametrize("task", list(every("userTask")), ids=identity)
def test_a_queue_has_its_templates_inputs_for_the_variables_that_its_process_reads(task: Xml) -> None:
    """An input makes a variable local to the task. Otherwise a person could change a variable that steers the flow."""
    process = next(task.iterancestors(f"{BPMN}process"))
    made = ITEM_INPUTS if identity(process).startswith("item-") else ORDER_INPUTS
    text = " ".join([*process.itertext(), *(str(value) for e in process.iter() for value in e.attrib.values())])
    read = {name for name in made if name in text}

    assert read | {*DECISION} <= inputs(task)
