"""Names on tasks and events: topics, properties, notices, messages, groups, and the user task of a decision."""

from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding, suggest
from order_api.camunda.model_files import BPMN, CAMUNDA, ModelFolder, camunda, identity, kind, properties, topic
from order_api.camunda.names import TASKLIST_GROUPS, Message, Property, Topic


def topic_without_worker(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for task in model.external_tasks():
            name = topic(task) or ""
            if name not in contract.throws:
                yield Finding(
                    model.file, identity(task), f"No worker knows the topic '{name}'.", suggest(name, contract.throws)
                )


def service_task_without_topic(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for task in model.every("serviceTask", "sendTask"):
            if topic(task) is None:
                yield Finding(
                    model.file,
                    identity(task),
                    "No worker handles this task.",
                    "Choose implementation 'External' and a topic.",
                )


def unknown_property(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    names = {str(name) for name in Property}
    for model in folder.models:
        for entry in model.root.iter(f"{CAMUNDA}property"):
            name = entry.get("name", "")
            if name not in names:
                host = next(entry.iterancestors(f"{BPMN}extensionElements")).getparent()
                assert host is not None
                yield Finding(
                    model.file, identity(host), f"No worker reads the property '{name}'.", suggest(name, names)
                )


def unknown_notice(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for task in model.external_tasks():
            notice = properties(task).get(Property.NOTICE)
            if notice is None and topic(task) == Topic.NOTIFY_CUSTOMER:
                yield Finding(
                    model.file, identity(task), "It names no notice.", f"Add the property '{Property.NOTICE}'."
                )
            elif notice is not None and notice not in contract.notices:
                yield Finding(
                    model.file, identity(task), f"There is no notice '{notice}'.", suggest(notice, contract.notices)
                )


def decision_of_unknown_task(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        user_tasks = {identity(task) for task in model.every("userTask")}
        for task in model.external_tasks():
            decided = properties(task).get(Property.DECISION_OF)
            if decided is None and topic(task) == Topic.RECORD_DECISION:
                yield Finding(
                    model.file,
                    identity(task),
                    "The property 'decision-of' is missing.",
                    f"Add the property '{Property.DECISION_OF}'.",
                )
            elif decided is not None and decided not in user_tasks:
                problem = f"There is no user task '{decided}' here."
                yield Finding(model.file, identity(task), problem, suggest(decided, user_tasks))


def group_without_queue(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    """Skips groups given by an expression, because only the running process knows them."""
    for model in folder.models:
        for task in model.every("userTask"):
            groups = (camunda(task, "candidateGroups") or "").split(",")
            for group in (name.strip() for name in groups if "{" not in name):
                if group not in TASKLIST_GROUPS:
                    problem = f"The group '{group}' has no queue." if group else "It has no candidate group."
                    yield Finding(model.file, identity(task), problem, suggest(group, TASKLIST_GROUPS))


def unknown_message(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    names = {str(name) for name in Message}
    for model in folder.models:
        for reference in model.every("receiveTask", "messageEventDefinition"):
            name = model.message_name(reference.get("messageRef"))
            if name not in names:
                owner = reference if kind(reference) == "receiveTask" else reference.getparent()
                assert owner is not None
                yield Finding(
                    model.file,
                    identity(owner),
                    f"No part of the service sends the message '{name}'.",
                    suggest(name or "", names),
                )


RULES = (
    topic_without_worker,
    service_task_without_topic,
    unknown_property,
    unknown_notice,
    decision_of_unknown_task,
    group_without_queue,
    unknown_message,
)
