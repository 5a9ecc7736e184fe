"""Names that models and Python share, checked from both sides: each side has every name that the other uses."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from order_api.camunda.filters import QUEUES
from order_api.camunda.model_files import BPMN, CAMUNDA, camunda, decision_of, identity, properties, topic
from order_api.camunda.names import BpmnError, Decision, Message, Process, Property, Topic
from order_api.cli.models import TEMPLATES, findings_in, templates_text
from order_api.core.errors import ServiceError
from order_api.notifications.notices import Notice
from order_api.orders.status import ITEM_STATUSES, ORDER_STATUSES
from order_api.outbox.wake_ups import WAKE_UPS
from order_api.words import Category
from tests.contract.our_models import MODELS, every, external_tasks, folder
from tests.fixtures.system import ROOT
from workers.runtime.registry import handlers

MAILS = ROOT / "order_api" / "notifications" / "templates"


# Keys, topics, messages, errors.


def test_our_models_pass_the_lint() -> None:
    assert [str(finding) for finding in findings_in(MODELS)] == []


def test_every_process_and_decision_has_its_name_in_python_and_its_file() -> None:
    assert {identity(process) for process in every("process")} == set(Process)
    assert {model.file for model in folder().models} == {f"{process}.bpmn" for process in Process}
    assert folder().keys_of_decisions() == set(Decision)
    assert {decisions.file for decisions in folder().decisions} == {f"{decision}.dmn" for decision in Decision}


def test_every_decision_is_asked_for_in_a_model() -> None:
    assert {decision_of(task) for task in every("businessRuleTask")} == set(Decision)


ONLY_OFFERED = {Topic.RELEASE_INVENTORY}
"""Part of the contract with designers and drawn in no model of ours: canceling an item releases its stock, too."""


def test_every_topic_has_a_worker_and_a_task() -> None:
    assert set(handlers()) == set(Topic)
    assert {topic(task) for task in external_tasks()} == set(Topic) - ONLY_OFFERED


def test_every_message_is_awaited_and_sent() -> None:
    waits = [(m, e) for m in folder().models for e in m.every("receiveTask", "messageEventDefinition")]

    assert {model.message_name(event.get("messageRef")) for model, event in waits} == set(Message)
    assert {wake_up.message for wake_ups in WAKE_UPS.values() for wake_up in wake_ups} == set(Message)


def test_a_fact_wakes_one_process_of_a_subject_by_a_message_of_its_own() -> None:
    """Otherwise a story that reads the fact would drop a message that another process still waits for."""
    woken_twice = [
        fact
        for fact, wake_ups in WAKE_UPS.items()
        if len(wake_ups) > len({wake_up.subject_kind for wake_up in wake_ups})
    ]
    owners = {(wake_up.message, wake_up.process) for wake_ups in WAKE_UPS.values() for wake_up in wake_ups}

    assert woken_twice == []
    assert len(owners) == len({message for message, _ in owners})


def test_every_business_error_is_caught_thrown_and_raised() -> None:
    by_workers = {code for handler in handlers().values() for code in handler.throws}

    assert caught() - thrown_by_models() == set(BpmnError)
    assert by_workers == set(BpmnError)
    assert set(BpmnError) <= {refusal("of a test").code for refusal in refusals(ServiceError)}


def caught() -> set[str | None]:
    events = [(model, event) for model in folder().models for event in model.every("boundaryEvent")]
    return {model.error_code(found) for model, event in events for found in event.iter(f"{BPMN}errorEventDefinition")}


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
    """Those for service tasks."""
    listed = json.loads(TEMPLATES.read_text(encoding="utf-8"))
    return [template for template in listed if template["elementType"]["value"] == "bpmn:ServiceTask"]


def offered(binding: str) -> set[str]:
    entries = [entry for template in templates() for entry in template["properties"]]
    return {entry["binding"]["name"] for entry in entries if entry["binding"]["type"] == binding}


def choices(property_name: str) -> list[set[str]]:
    return [
        {choice["value"] for choice in entry["choices"]} - {""}
        for template in templates()
        for entry in template["properties"]
        if entry["binding"]["name"] == property_name and "choices" in entry
    ]


def test_the_templates_are_those_that_the_topics_of_today_make() -> None:
    assert TEMPLATES.read_text(encoding="utf-8") == templates_text(), (
        "run `order-service templates` to write them again"
    )


def test_a_designer_is_offered_every_topic_and_nothing_else() -> None:
    topics = {p["value"] for t in templates() for p in t["properties"] if p["binding"]["name"] == "camunda:topic"}

    assert topics == set(Topic)


def test_a_designer_is_offered_every_notice_and_category() -> None:
    assert all(offer == set(Notice) for offer in choices(Property.NOTICE))
    assert choices(Property.NOTICE)
    assert all(offer == set(Category) for offer in choices(Property.STATUS_CATEGORY))
    assert choices(Property.STATUS_CATEGORY)


# Notices and queues.


OF_NO_FLOW = {Notice.REFUND_FAILED}
"""A bank sends money back after the flow of the refund has ended."""


def test_every_notice_is_sent_by_a_model_and_has_a_template() -> None:
    assert {properties(task).get(Property.NOTICE) for task in external_tasks()} - {None} == set(Notice) - OF_NO_FLOW
    assert {file.stem for file in MAILS.iterdir()} == set(Notice)


def test_every_task_of_people_is_in_one_queue_that_its_candidates_see() -> None:
    in_models = {identity(task): set((camunda(task, "candidateGroups") or "").split(",")) for task in every("userTask")}
    in_queues = [(task, set(queue.groups)) for queue in QUEUES for task in queue.tasks]

    assert len(in_queues) == len(dict(in_queues))
    assert dict(in_queues) == in_models
