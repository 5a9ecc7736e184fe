"""Which function works which topic: `@handles` on one function per module of `workers/topics`."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import workers.topics
from order_api.camunda.names import BpmnError, Property, Topic
from order_api.core.errors import ServiceError

Answer = ServiceError | Mapping[str, Any] | None
"""A returned refusal is reported as BPMN error, behind the commit of what its story has written."""
Handle = Callable[..., Answer]

OF_THE_TASK = frozenset({"session", "actor", "order_id", "task_id", "process_instance_id", "activity_id"})
OF_THE_MODEL = {str(name).replace("-", "_"): str(name) for name in Property}


@dataclass(frozen=True)
class Handler:
    """`variables` are fetched with the task: the function's parameters that neither task nor model gives."""

    topic: Topic
    handle: Handle
    throws: frozenset[BpmnError]
    parameters: Mapping[str, inspect.Parameter]

    @property
    def variables(self) -> list[str]:
        return sorted({*self.parameters, "item_id"} - OF_THE_TASK - OF_THE_MODEL.keys())

    @property
    def takes_session(self) -> bool:
        """Whether its story is one of one transaction, which is the task's."""
        return "session" in self.parameters

    @property
    def needs_item(self) -> bool:
        """The function says so by its annotation: `item_id: UUID`, not `UUID | None`."""
        return "item_id" in self.parameters and self.parameters["item_id"].annotation is UUID


_handlers: dict[str, Handler] = {}


def handles(topic: Topic, throws: frozenset[BpmnError] = frozenset()) -> Callable[[Handle], Handle]:
    """Registers the function; `throws` are the business errors for which every model must have a path."""

    def register(handle: Handle) -> Handle:
        if topic in _handlers:
            raise ValueError(f"{topic} has two handlers.")
        _handlers[topic] = Handler(topic, handle, throws, inspect.signature(handle).parameters)
        return handle

    return register


def handlers() -> dict[str, Handler]:
    """All topics, by importing every module of `workers/topics` once."""
    for module in pkgutil.iter_modules(workers.topics.__path__):
        importlib.import_module(f"workers.topics.{module.name}")
    return dict(_handlers)
