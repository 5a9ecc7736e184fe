"""What people did in their queues, read from the engine's history."""

from dataclasses import dataclass
from datetime import datetime

from order_api.camunda.engine import get


@dataclass(frozen=True)
class HumanDecision:
    """`user` is who completed the task: our models make the one who completes the assignee (see the linter)."""

    user: str | None
    ended_at: datetime
    task_id: str


def completed_by(process_instance_id: str, activity_id: str) -> HumanDecision | None:
    """The last completion of this user task in this instance; None if nobody completed it.

    A task that a message or timer took away has ended too, without a decision: it carries a delete reason of its own.
    """
    rows = get(
        "/history/task",
        processInstanceId=process_instance_id,
        taskDefinitionKey=activity_id,
        taskDeleteReason="completed",
        sortBy="endTime",
        sortOrder="desc",
        maxResults=1,
    )
    return _decision(rows[0]) if rows else None


def _decision(row: dict[str, str]) -> HumanDecision:
    return HumanDecision(row["assignee"], datetime.fromisoformat(row["endTime"]), row["id"])
