"""Each task shows people its subject and its time limit."""

import json
import re

import pytest

from order_api.camunda.model_files import BPMN, Xml, camunda, identity
from tests.contract.our_models import every, forms, text_of


@pytest.mark.parametrize("form", sorted(forms()))
def test_every_form_shows_the_order_its_total_the_reason_and_a_link_to_it(form: str) -> None:
    shown = set(re.findall(r"\{\{(\w+)\}\}", json.dumps(forms()[form])))

    assert {"order_number", "total", "currency", "reason", "order_url"} - shown == set()


def limit_of(task: Xml) -> str:
    [timer] = [
        timer
        for event in every("boundaryEvent")
        if event.get("attachedToRef") == identity(task)
        for timer in event.iter(f"{BPMN}timeDuration")
    ]
    return text_of(timer)


@pytest.mark.parametrize("task", every("userTask"), ids=identity)
def test_a_card_in_tasklist_is_due_when_the_timer_says_that_it_has_waited_too_long(task: Xml) -> None:
    assert camunda(task, "dueDate") == limit_of(task)
