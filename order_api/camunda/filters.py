"""The queues in Tasklist: one filter for each kind of decision, and one for tasks that a designer adds."""

from dataclasses import dataclass
from typing import Any

from order_api.camunda.engine import get, post, session, url
from order_api.camunda.names import TASKLIST_GROUPS, Group

CUSTOMER_SERVICE = (Group.CSR_ASSOCIATE, Group.CSR_ADMIN)
CARD_VARIABLES = {
    "order_number": "Order",
    "refund_amount": "Refund",
    "return_number": "Return",
    "total": "Total",
    "currency": "Currency",
    "channel": "Channel",
    "sku": "SKU",
}


@dataclass(frozen=True)
class Queue:
    """`tasks` are ids of user tasks in any process; `groups` may see the queue."""

    name: str
    description: str
    priority: int
    tasks: tuple[str, ...]
    groups: tuple[Group, ...]


QUEUES_BY_TASK = (
    Queue("Fraud review", "Orders that may be fraudulent", 10, ("usertask_review_fraud",), (Group.CSR_ADMIN,)),
    Queue(
        "Payment declined",
        "Orders without payment",
        20,
        ("usertask_payment_declined", "usertask_payment_expired"),
        CUSTOMER_SERVICE,
    ),
    Queue(
        "Capture declined",
        "Goods have shipped, but the payment was declined",
        30,
        ("usertask_capture_declined",),
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
    Queue(
        "Money unexplained",
        "Everything is settled, but what is due and what was taken differ",
        55,
        ("usertask_money_unexplained",),
        (Group.CSR_ADMIN,),
    ),
    Queue(
        "Refund approval",
        "Refunds that a supervisor decides about",
        56,
        ("usertask_approve_refund",),
        (Group.CSR_ADMIN,),
    ),
    Queue(
        "Refund refused",
        "Granted refunds that the payment provider does not make",
        57,
        ("usertask_refund_refused",),
        CUSTOMER_SERVICE,
    ),
    Queue(
        "Pay back outside",
        "Refunds to pay by bank transfer or in cash",
        58,
        ("usertask_pay_outside",),
        CUSTOMER_SERVICE,
    ),
    Queue(
        "Paid twice",
        "Refunds that the customer has got twice",
        59,
        ("usertask_paid_twice",),
        (Group.CSR_ADMIN,),
    ),
    Queue(
        "Return approval",
        "Returns that a supervisor decides about",
        61,
        ("usertask_return_approval",),
        (Group.CSR_ADMIN,),
    ),
    Queue(
        "Inspection",
        "Returned goods that wait for a verdict",
        62,
        ("usertask_inspect",),
        (Group.STORE_OPERATOR, Group.CSR_ADMIN),
    ),
    Queue(
        "Return differs",
        "Returns with unknown goods, or whose refund was refused",
        63,
        ("usertask_return_differs",),
        CUSTOMER_SERVICE,
    ),
    Queue(
        "Return not arrived",
        "Money has gone back for goods that did not come",
        64,
        ("usertask_not_arrived",),
        (Group.CSR_ADMIN,),
    ),
    Queue("Item without flow", "Items for which no flow is set up", 60, ("usertask_route_item",), CUSTOMER_SERVICE),
)
OTHER_TASKS = Queue("Other tasks", "All other tasks offered to your groups", 70, (), TASKLIST_GROUPS)
"""Shows the tasks that designers add, so such a task needs no change here."""
QUEUES = (*QUEUES_BY_TASK, OTHER_TASKS)


def ensure_queue(queue: Queue) -> str:
    """Creates the filter, or updates the one with the same name. Returns its id."""
    desired = _filter(queue)
    existing = get("/filter", name=queue.name)
    if not existing:
        # pycamunda's own call raises after it has created the filter.
        return str(post("/filter/create", desired)["id"])
    if not _matches(existing[0], desired):
        session().put(url(f"/filter/{existing[0]['id']}"), json=desired)
    return str(existing[0]["id"])


def _matches(existing: dict[str, Any], desired: dict[str, Any]) -> bool:
    """The engine returns every list of a query, including the empty ones that we did not send."""
    query = {name: value for name, value in existing["query"].items() if value}
    return bool(query == desired["query"] and desired["properties"].items() <= existing["properties"].items())


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
    """Selects by task, not by candidate group: a claimed task stays in its queue, and the engine shows people only
    their groups' tasks anyway. Not by process either, because designers copy flows."""
    if queue == OTHER_TASKS:
        return {"taskDefinitionKeyNotIn": [task for other in QUEUES_BY_TASK for task in other.tasks]}
    return {"taskDefinitionKeyIn": list(queue.tasks)}
