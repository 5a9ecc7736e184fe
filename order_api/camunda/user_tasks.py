"""Who completed which user task, read from the engine's history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from order_api.camunda.engine import get
from order_api.camunda.processes import scopes_of_parcel


@dataclass(frozen=True)
class TaskCompletion:
    """`user` completed the task: a listener in our models makes the completing user the assignee (see the linter)."""

    user: str | None
    ended_at: datetime
    task_id: str


def completed_by(process_instance_id: str, activity_id: str, shipment_id: UUID | None = None) -> TaskCompletion | None:
    """The last completion of this user task in this instance, or in its flow of this parcel; None if it was never
    completed.

    Skips tasks that a message or timer ended without a decision; those have another delete reason.
    """
    asked = {
        "processInstanceId": process_instance_id,
        "taskDefinitionKey": activity_id,
        "taskDeleteReason": "completed",
        "sortBy": "endTime",
        "sortOrder": "desc",
    }
    if shipment_id is not None:
        scopes = scopes_of_parcel(process_instance_id, shipment_id)
        if not scopes:
            return None
        asked["activityInstanceIdIn"] = ",".join(scopes)
    rows = get("/history/task", **asked, maxResults=1)
    return _completion(rows[0]) if rows else None


def _completion(row: dict[str, str]) -> TaskCompletion:
    return TaskCompletion(row["assignee"], datetime.fromisoformat(row["endTime"]), row["id"])
