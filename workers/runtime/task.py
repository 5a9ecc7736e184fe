"""One external task as our handlers see it, and the way a model tunes its retries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import isodate
from camunda.external_task.external_task import ExternalTask

from order_api.camunda.external_tasks import LOCK_SECONDS, context_of
from order_api.camunda.names import Property

DEFAULT_RETRIES = 5
DEFAULT_PAUSES = "PT1S,PT5S,PT30S,PT2M"


class TaskUnreadable(ValueError):
    """The model or somebody in Cockpit gave the task something that no retry can mend."""


@dataclass(frozen=True)
class Task:
    """`order_id` is the business key: a variable can be changed by whoever may complete a user task, the key cannot."""

    raw: ExternalTask
    id: str
    topic: str
    order_id: UUID
    item_id: UUID | None
    process_instance_id: str
    process_key: str
    activity_id: str
    properties: Mapping[str, str]
    variables: Mapping[str, Any]
    retries_left: int

    @classmethod
    def of(cls, raw: ExternalTask) -> "Task":
        context = context_of(raw)
        variables = raw.get_variables()
        retries = context.get("retries")
        properties = raw.get_extension_properties()
        return cls(
            raw=raw,
            id=raw.get_task_id(),
            topic=raw.get_topic_name(),
            order_id=_uuid(raw.get_business_key(), "business key"),
            item_id=_uuid(variables["item_id"], "item_id") if variables.get("item_id") else None,
            process_instance_id=raw.get_process_instance_id(),
            process_key=str(context.get("processDefinitionKey")),
            activity_id=raw.get_activity_id(),
            properties=properties,
            variables=variables,
            retries_left=int(properties.get(Property.RETRIES, DEFAULT_RETRIES)) if retries is None else int(retries),
        )

    def pause(self) -> float:
        """Seconds before the next try: the model's `retry-pauses`, the last of them for all that follow."""
        allowed = int(self.properties.get(Property.RETRIES, DEFAULT_RETRIES))
        pauses = str(self.properties.get(Property.RETRY_PAUSES, DEFAULT_PAUSES)).split(",")
        tried = max(0, allowed - self.retries_left)
        return _seconds(pauses[min(tried, len(pauses) - 1)])

    def lock_seconds(self) -> float:
        asked = self.properties.get(Property.LOCK_DURATION)
        return _seconds(asked) if asked else LOCK_SECONDS


def _uuid(text: Any, name: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise TaskUnreadable(f"The {name} of this task is {text!r}, not the id it should be.") from None


def _seconds(duration: str) -> float:
    return float(isodate.parse_duration(duration.strip()).total_seconds())
