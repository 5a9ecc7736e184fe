"""The transactions of a task: binding, statuses and the story (J2).

A story without outside calls shares one transaction with binding and statuses. A story with outside calls opens its
own transactions, n + 1 for n calls: binding and the entry status are committed before them, the final status after.
"""

from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import system_actor
from order_api.camunda.names import Property
from order_api.core.database import single_statement, transaction
from order_api.core.errors import ServiceError
from order_api.progress.catching_up import Place
from order_api.progress.models import SubjectProcess
from order_api.progress.processes import bind, processes_of
from order_api.progress.update_status import StatusChange, update_status
from workers.runtime.registry import PROPERTY_BY_PARAMETER, Handler, HandlerResult, WithoutStatus
from workers.runtime.task import Task, TaskUnreadable

ENTRY = (Property.ORDER_STATUS, Property.ITEM_STATUS)
AFTER = (Property.ORDER_STATUS_AFTER, Property.ITEM_STATUS_AFTER)


class TaskOutdated(Exception):
    """The task was fetched before the subject's process was started anew, so it belongs to the lost one."""


class TwinProcess(Exception):
    """The task belongs to an instance that does not count for its subject."""


def in_one_transaction(task: Task, handler: Handler) -> HandlerResult:
    """If the story returns a refusal, all its writes are committed. If it raises one, they are rolled back; only the
    binding and the entry status are then committed."""
    try:
        with transaction() as session:
            arguments = _enter(session, task, handler)
            answer = handler.handle(**_arguments(task, handler, arguments | {"session": session}))
            if not isinstance(answer, ServiceError | WithoutStatus):
                _set_statuses(session, task, arguments, *AFTER)
        return answer
    except ServiceError:
        with transaction() as session:
            _enter(session, task, handler)
        raise


def in_several_transactions(task: Task, handler: Handler) -> HandlerResult:
    # Without a status to show, a bound task only reads its processes: one statement, at a third of the round trips.
    entrance = transaction if _names_status(task, ENTRY) else single_statement
    with entrance() as session:
        arguments = _enter(session, task, handler)
    answer = handler.handle(**_arguments(task, handler, arguments))
    if not isinstance(answer, ServiceError | WithoutStatus) and _names_status(task, AFTER):
        with transaction() as session:
            _set_statuses(session, task, arguments, *AFTER)
    return answer


def _enter(session: Session, task: Task, handler: Handler) -> dict[str, Any]:
    """Binds the instance and sets the entry status. Returns the handler arguments that come from the task's subject."""
    processes = processes_of(session, task.business_key)
    if any(process.restarted_at and task.fetched_at < process.restarted_at for process in processes):
        raise TaskOutdated
    _bind(session, task, processes)
    arguments: dict[str, Any] = {}
    if processes:
        arguments = {"order_id": processes[0].order_id, "subject": processes[0].subject}
        arguments["restarts"] = max(process.restarts for process in processes)
    needs_subject = not {"order_id", "subject"}.isdisjoint(handler.parameters)
    if not processes and (needs_subject or _names_status(task, (*ENTRY, *AFTER))):
        raise TaskUnreadable(f"The business key of this task is {task.business_key!r}, but no order has this number.")
    _set_statuses(session, task, arguments, *ENTRY)
    return arguments


def _bind(session: Session, task: Task, processes: list[SubjectProcess]) -> None:
    """A called process (call activity) is not bound: it counts if its caller does."""
    for process in processes:
        if process.process_key == task.process_key and not bind(session, process, task.process_instance_id):
            raise TwinProcess


def _arguments(task: Task, handler: Handler, of_subject: dict[str, Any]) -> dict[str, Any]:
    if handler.needs_item and task.item_id is None:
        raise TaskUnreadable("This task is about one item but has no variable item_id.")
    arguments = of_subject | {
        "actor": system_actor(task.topic),
        "item_id": task.item_id,
        "shipment_id": task.shipment_id,
        "task_id": task.id,
        "process_instance_id": task.process_instance_id,
        "activity_id": task.activity_id,
    }
    for name in handler.parameters:
        if name in PROPERTY_BY_PARAMETER:
            arguments[name] = task.properties.get(PROPERTY_BY_PARAMETER[name])
        elif name not in arguments:
            arguments[name] = task.variables.get(name)
    return {name: arguments[name] for name in handler.parameters}


def _names_status(task: Task, properties: tuple[Property, ...]) -> bool:
    return any(task.properties.get(name) for name in properties)


def _set_statuses(
    session: Session, task: Task, arguments: dict[str, Any], order_property: Property, item_property: Property
) -> None:
    order_status, item_status = task.properties.get(order_property), task.properties.get(item_property)
    if not order_status and not item_status:
        return
    phase = "entry" if order_property == Property.ORDER_STATUS else "after"
    category = task.properties.get(Property.STATUS_CATEGORY)
    place = Place(task.process_key, task.activity_id, phase, arguments["restarts"])
    change = StatusChange(task.id, place, order_status, item_status, task.item_id, category)
    update_status(session, system_actor(task.topic), arguments["order_id"], change)
