"""The queues that people see in Tasklist: one filter for each kind of decision, and one for what a designer adds."""

from dataclasses import dataclass
from typing import Any

from order_api.camunda.engine import get, post, session, url
from order_api.camunda.names import TASKLIST_GROUPS, Group

CUSTOMER_SERVICE = (Group.CSR_ASSOCIATE, Group.CSR_ADMIN)
CARD_VARIABLES = {"order_number": "Order", "total": "Total", "currency": "Currency", "channel": "Channel", "sku": "SKU"}


@dataclass(frozen=True)
class Queue:
    """`tasks` are ids of user tasks, in whatever process they stand; `groups` may see the queue."""

    name: str
    description: str
    priority: int
    tasks: tuple[str, ...]
    groups: tuple[Group, ...]


QUEUES_BY_TASK = (
    Queue("Fraud review", "Orders that may be fraud", 10, ("usertask_review_fraud",), (Group.CSR_ADMIN,)),
    Queue("Payment declined", "Orders without payment", 20, ("usertask_payment_declined",), CUSTOMER_SERVICE),
    Queue(
        "Capture declined",
        "Goods have left and could not be charged",
        30,
        ("usertask_capture_declined", "usertask_capture_declined_after_cancel"),
        CUSTOMER_SERVICE,
    ),
    Queue(
        "Unable to ship",
        "Items that the warehouse cannot send",
        40,
        ("usertask_unable_to_ship",),
        TASKLIST_GROUPS,
    ),
    Queue(
        "Too late to recall",
        "Canceled by the customer, but shipped",
        50,
        ("usertask_shipped_after_cancel",),
        CUSTOMER_SERVICE,
    ),
)
OTHER_TASKS = Queue("Other tasks", "Whatever else is offered to you", 60, (), TASKLIST_GROUPS)
"""Tasks that a designer added: nobody has to tell us of them."""
QUEUES = (*QUEUES_BY_TASK, OTHER_TASKS)


def ensure_queue(queue: Queue) -> str:
    """Creates the filter or brings it up to date, known by its name. Returns its id."""
    wanted = _filter(queue)
    known = get("/filter", name=queue.name)
    if not known:
        # pycamunda's own call raises after it has created the filter.
        return str(post("/filter/create", wanted)["id"])
    if not _matches(known[0], wanted):
        session().put(url(f"/filter/{known[0]['id']}"), json=wanted)
    return str(known[0]["id"])


def _matches(known: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """The engine gives back more than it was given: every list of a query, also when it is empty."""
    asked = {name: value for name, value in known["query"].items() if value}
    return bool(asked == wanted["query"] and wanted["properties"].items() <= known["properties"].items())


def _filter(queue: Queue) -> dict[str, Any]:
    return {
        "resourceType": "Task",
        "name": queue.name,
        "query": _query(queue),
        "properties": {
            "description": queue.description,
            "priority": queue.priority,
            "refresh": True,
            "showUndefinedVariable": False,
            "variables": [{"name": name, "label": label} for name, label in CARD_VARIABLES.items()],
        },
    }


def _query(queue: Queue) -> dict[str, list[str]]:
    """By task, not by candidate group: a claimed task stays in its queue, and the engine shows to each person only
    tasks of his groups anyway. Nor by process: a designer copies flows."""
    if queue == OTHER_TASKS:
        return {"taskDefinitionKeyNotIn": [task for other in QUEUES_BY_TASK for task in other.tasks]}
    return {"taskDefinitionKeyIn": list(queue.tasks)}
