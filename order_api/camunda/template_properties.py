"""The fields of a template: one input in Modeler for each extension property."""

from collections.abc import Iterable
from typing import Any

from order_api.camunda.names import Property
from order_api.camunda.retries import RetryProfile
from order_api.words import Category

Json = dict[str, Any]
WORK, STATUS, TROUBLE = "work", "status", "trouble"


def groups(*, is_patient: bool) -> list[Json]:
    labels = {WORK: "What to do", STATUS: "Statuses"}
    if is_patient:
        labels[TROUBLE] = "When the outside system is away"
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
        "Status the order has as soon as a worker takes this up.",
    ),
    _field(
        Property.ITEM_STATUS,
        STATUS,
        "Item status on entry",
        "Status the item has as soon as a worker takes this up.",
    ),
)
WHEN_DONE = (
    _field(
        Property.ORDER_STATUS_AFTER,
        STATUS,
        "Order status when done",
        "Status the order has once this succeeded; leave empty to keep it.",
    ),
    _field(
        Property.ITEM_STATUS_AFTER,
        STATUS,
        "Item status when done",
        "Status the item has once this succeeded; in the order's own process, all its open items.",
    ),
)


def statuses(*, on_entry: bool) -> list[Json]:
    category = _field(
        Property.STATUS_CATEGORY,
        STATUS,
        "Category of an own status",
        "Only for a status that is not among the default ones.",
        type="Dropdown",
        choices=[{"name": "Not an own status", "value": ""}, *_choices(Category)],
    )
    return [*(ON_ENTRY if on_entry else ()), *WHEN_DONE, category]


def notice(notices: Iterable[str]) -> Json:
    choices = _choices(notices)
    preset = choices[0]["value"]
    return _field(Property.NOTICE, WORK, "Notice", "The mail to send.", type="Dropdown", value=preset, choices=choices)


def tries(profile: RetryProfile) -> list[Json]:
    often = "After so many in vain an operator must look. With the pauses below: after about an hour."
    pauses = "Durations with commas between; the last one is for all tries that follow."
    return [
        _field(Property.RETRIES, TROUBLE, "Tries", often, value=str(profile.tries)),
        _field(Property.RETRY_PAUSES, TROUBLE, "Pauses between tries", pauses, value=profile.pauses),
    ]


def _choices(words: Iterable[str]) -> list[Json]:
    return [{"name": str(word).replace("_", " ").capitalize(), "value": str(word)} for word in words]
