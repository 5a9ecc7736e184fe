"""The templates that Camunda Modeler offers for user tasks: what a queue shows, and inputs that keep changes local.

A candidate of a task can set any of its variables. Inputs make them local to the task, so that only the decision and
its reason leave it. Modeler's template format has no binding for task listeners, so the linter asks for the
listener that records who decided.
"""

from typing import Any

from order_api.camunda.lint_rules.waits import WHO_COMPLETES

Json = dict[str, Any]

DECISION = ("decision", "decision_reason")
SHOWN = ("order_number", "total", "currency", "order_url")
ORDER_INPUTS = {
    **{name: f"${{{name}}}" for name in (*SHOWN, "collection", "items", "edit_window")},
    "item_id": "${null}",
}
REFUND_INPUTS = {
    name: f"${{{name}}}"
    for name in (
        *SHOWN,
        "refund_number",
        "refund_amount",
        "asked_by",
        "reason_words",
        "refund_reason",
        "asked_by_role",
        "share_of_order",
        "granted_today",
        "granted_in_30_days",
        "customer_refunds",
        "customer_refunded",
        "collection",
        "gateway_answer_limit",
    )
}
ITEM_INPUTS = {name: f"${{{name}}}" for name in (*SHOWN, "item_id")}


def queue_templates() -> list[Json]:
    return [
        _template("Queue about the order", "order-queue", "A person decides about the order.", ORDER_INPUTS),
        _template("Queue about an item", "item-queue", "A person decides about one item.", ITEM_INPUTS),
        _template("Queue about a refund", "refund-queue", "A person decides about a refund.", REFUND_INPUTS),
    ]


def _template(name: str, key: str, does: str, inputs: dict[str, str]) -> Json:
    listener = f"Add a task listener for 'complete' with the expression {WHO_COMPLETES}."
    drawing = "Draw a timer on the user task's border, and the task 'Record a person's decision' after the user task."
    return {
        "name": name,
        "id": f"order-service.{key}",
        "description": f"{does} {listener} {drawing}",
        "version": 1,
        "appliesTo": ["bpmn:Task", "bpmn:UserTask"],
        "elementType": {"value": "bpmn:UserTask"},
        "properties": [
            _field("camunda:candidateGroups", "Groups", "Who works in this queue.", "csr-associate,csr-admin"),
            _field("camunda:formRef", "Form", "The id of the form in bpmn_models/forms.", ""),
            _field("camunda:dueDate", "Due date", "Tasklist shows it.", "${review_time_limit}"),
            _hidden("deployment", {"type": "property", "name": "camunda:formRefBinding"}),
            *(_input(name, value) for name, value in inputs.items()),
            _field_of_reason(),
            *(_input(name, "${null}") for name in DECISION),
            *(_hidden(name, {"type": "camunda:outputParameter", "source": f"${{{name}}}"}) for name in DECISION),
        ],
    }


def _field(attribute: str, label: str, description: str, value: str) -> Json:
    binding = {"type": "property", "name": attribute}
    field = {"label": label, "type": "String", "description": description, "value": value, "binding": binding}
    return field | {"constraints": {"notEmpty": True}}


def _field_of_reason() -> Json:
    binding = {"type": "camunda:inputParameter", "name": "reason"}
    description = "An expression for the reason. A form shows it in a disabled field, never inside a text."
    value = '${execution.getVariable("error_message")}'
    return {"label": "Reason", "type": "String", "description": description, "value": value, "binding": binding}


def _input(name: str, value: str) -> Json:
    return _hidden(value, {"type": "camunda:inputParameter", "name": name})


def _hidden(value: str, binding: Json) -> Json:
    return {"type": "Hidden", "value": value, "binding": binding}
