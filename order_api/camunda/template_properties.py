"""The fields of a template: one input in Modeler for each extension property."""

from collections.abc import Iterable
from typing import Any

from order_api.camunda.names import Property
from order_api.camunda.retries import RetryProfile
from order_api.words import Category

Json = dict[str, Any]
WORK, STATUS, TROUBLE = "work", "status", "trouble"


def groups(*, has_own_retries: bool) -> list[Json]:
    labels = {WORK: "What to do", STATUS: "Statuses"}
    if has_own_retries:
        labels[TROUBLE] = "When the outside system does not answer"
    return [{"id": group, "label": label} for group, label in labels.items()]


def hidden(kind: str, name: str, value: str) -> Json:
    return {"type": "Hidden", "value": value, "binding": {"type": kind, "name": name}}


def _field(name: Property, group: str, label: str, description: str, **more: Any) -> Json:
    binding = {"type": "camunda:property", "name": name}
    return {"label": label, "type": "String", "description": description, "binding": binding, "group": group, **more}


def queue(*, is_required: bool) -> Json:
    """The queue whose decision the task records or looks up."""
    pattern = {"value": "usertask_[a-z0-9_]+", "message": "The id of a user task of this process, usertask_…"}
    constraints = {"notEmpty": True, "pattern": pattern} if is_required else {"pattern": pattern}
    description = "For example usertask_review_fraud."
    return _field(Property.DECISION_OF, WORK, "Id of the user task", description, constraints=constraints)


ON_ENTRY = (
    _field(
        Property.ORDER_STATUS,
        STATUS,
        "Order status on entry",
        "The order's status as soon as a worker starts this task.",
    ),
    _field(
        Property.ITEM_STATUS,
        STATUS,
        "Item status on entry",
        "The item's status as soon as a worker starts this task.",
    ),
)
WHEN_DONE = (
    _field(
        Property.ORDER_STATUS_AFTER,
        STATUS,
        "Order status when done",
        "The order's status once this task has succeeded; leave empty to keep the status.",
    ),
    _field(
        Property.ITEM_STATUS_AFTER,
        STATUS,
        "Item status when done",
        "The item's status once this task has succeeded; in the order's own process, that of all open items.",
    ),
)


def statuses(*, on_entry: bool) -> list[Json]:
    category = _field(
        Property.STATUS_CATEGORY,
        STATUS,
        "Category of a status of your own",
        "Only if a status above is your own, not one of the default ones.",
        type="Dropdown",
        choices=[{"name": "Not a status of my own", "value": ""}, *_choices(Category)],
    )
    return [*(ON_ENTRY if on_entry else ()), *WHEN_DONE, category]


def notice(notices: Iterable[str]) -> Json:
    choices = _choices(notices)
    preset = choices[0]["value"]
    return _field(Property.NOTICE, WORK, "Notice", "The mail to send.", type="Dropdown", value=preset, choices=choices)


def tries(profile: RetryProfile) -> list[Json]:
    times = "How many times the task is tried before it needs an operator. Tries with these pauses last about an hour."
    pauses = "Durations, separated by commas; the last one applies to all later tries."
    return [
        _field(Property.RETRIES, TROUBLE, "Tries", times, value=str(profile.tries)),
        _field(Property.RETRY_PAUSES, TROUBLE, "Pauses between tries", pauses, value=profile.pauses),
    ]


def _choices(words: Iterable[str]) -> list[Json]:
    return [{"name": str(word).replace("_", " ").capitalize(), "value": str(word)} for word in words]
