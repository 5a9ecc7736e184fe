"""One external task as our handlers see it, with the retry settings of its model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import isodate
from camunda.external_task.external_task import ExternalTask

from order_api.camunda.external_tasks import FETCHED_AT, context_of
from order_api.camunda.names import Property
from order_api.camunda.retries import STANDARD
from order_api.core import clock


class TaskUnreadable(ValueError):
    """The model or a Cockpit user gave the task a value that no retry can fix."""


@dataclass(frozen=True)
class Task:
    """`business_key` is the public number of the task's subject. It identifies the order, because a candidate of a user
    task can change variables but not the key.

    `retries` and `pauses` (seconds) come from the model; `lock_seconds` is None if the model sets no lock duration.
    """

    raw: ExternalTask
    id: str
    topic: str
    business_key: str
    item_id: UUID | None
    shipment_id: UUID | None
    process_instance_id: str
    process_key: str
    activity_id: str
    properties: Mapping[str, str]
    variables: Mapping[str, Any]
    retries: int
    retries_left: int
    pauses: tuple[float, ...]
    lock_seconds: float | None
    fetched_at: datetime

    @classmethod
    def of(cls, raw: ExternalTask) -> "Task":
        context = context_of(raw)
        variables = raw.get_variables()
        properties = {name: value for name, value in raw.get_extension_properties().items() if value and value.strip()}
        retries = _whole_number(properties.get(Property.RETRIES, STANDARD.tries), Property.RETRIES)
        left = context.get("retries")
        lock = properties.get(Property.LOCK_DURATION)
        return cls(
            raw=raw,
            id=raw.get_task_id(),
            topic=raw.get_topic_name(),
            business_key=_text(raw.get_business_key()),
            item_id=_id(variables, "item_id"),
            shipment_id=_id(variables, "shipment_id"),
            process_instance_id=raw.get_process_instance_id(),
            process_key=str(context.get("processDefinitionKey")),
            activity_id=raw.get_activity_id(),
            properties=properties,
            variables=variables,
            retries=retries,
            retries_left=retries if left is None else int(left),
            pauses=_pauses(properties.get(Property.RETRY_PAUSES, STANDARD.pauses)),
            lock_seconds=_seconds(lock, Property.LOCK_DURATION) if lock else None,
            fetched_at=context.get(FETCHED_AT) or clock.now(),
        )

    def pause(self) -> float:
        """Seconds before the next try: the model's `retry-pauses`, of which the last applies to all later tries."""
        tried = max(0, self.retries - self.retries_left)
        return self.pauses[min(tried, len(self.pauses) - 1)]


def _text(business_key: Any) -> str:
    if not isinstance(business_key, str) or not business_key:
        raise TaskUnreadable("This task has no business key: its process was started without one.")
    return business_key


def _id(variables: Mapping[str, Any], name: str) -> UUID | None:
    text = variables.get(name)
    if not text:
        return None
    try:
        return UUID(str(text))
    except ValueError:
        raise TaskUnreadable(f"The {name} of this task is {text!r}, not a valid id.") from None


def _whole_number(text: str | int, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise TaskUnreadable(f"The property {name} of this task is {text!r}, not a whole number.") from None


def _pauses(text: str) -> tuple[float, ...]:
    return tuple(_seconds(pause, Property.RETRY_PAUSES) for pause in text.split(","))


@cache
def _seconds(text: str, name: str) -> float:
    try:
        duration = isodate.parse_duration(text.strip())
    except isodate.ISO8601Error:
        duration = None
    # A duration with months or years is no timedelta: its length depends on when it begins.
    if not isinstance(duration, timedelta):
        raise TaskUnreadable(f"The property {name} of this task is {text!r}, not a duration like PT30S.")
    return duration.total_seconds()
