"""Maps topics to handlers: each module of `workers/topics` registers one function with `@handles`."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

import workers.topics
from order_api.camunda.element_templates import Template, TopicContract
from order_api.camunda.names import BpmnError, Property, Topic
from order_api.camunda.retries import STANDARD, RetryProfile
from order_api.core.errors import ServiceError


class WithoutStatus(dict[str, Any]):
    """Variables of a task that completes although its work is unfinished, for example while units still have to ship.
    The task sets none of its `after` statuses; the model branches on the variables."""


HandlerResult = ServiceError | Mapping[str, Any] | None
"""A returned refusal becomes a BPMN error, reported after the story's writes are committed."""
Handle = Callable[..., HandlerResult]

TASK_PARAMETERS = frozenset(
    {"session", "actor", "subject", "order_id", "task_id", "process_instance_id", "activity_id"}
)
PROPERTY_BY_PARAMETER = {str(name).replace("-", "_"): str(name) for name in Property}


@dataclass(frozen=True)
class Handler:
    """`variables` are fetched with the task: `item_id`, and each parameter that comes from neither the task nor its
    properties.

    `returns` are the variables that a finished task may set, `throws` the business errors it may report instead.
    `template` offers the topic to designers, with `retries` as the preset.
    """

    topic: Topic
    handle: Handle
    returns: frozenset[str]
    throws: frozenset[BpmnError]
    parameters: Mapping[str, inspect.Parameter]
    template: Template
    retries: RetryProfile = STANDARD

    @property
    def variables(self) -> list[str]:
        return sorted({*self.parameters, "item_id"} - TASK_PARAMETERS - PROPERTY_BY_PARAMETER.keys())

    @property
    def contract(self) -> TopicContract:
        """The part of the handler that designers and their tools need."""
        named = self.parameters.keys() & PROPERTY_BY_PARAMETER.keys()
        properties = frozenset(Property(PROPERTY_BY_PARAMETER[name]) for name in named)
        return TopicContract(self.topic, self.template, self.returns, self.throws, properties, self.retries)

    @property
    def takes_session(self) -> bool:
        """Whether the story runs in the one transaction of the task."""
        return "session" in self.parameters

    @property
    def needs_item(self) -> bool:
        """Whether the function annotates `item_id: UUID`, not `UUID | None`."""
        return "item_id" in self.parameters and self.parameters["item_id"].annotation is UUID


class VariablesUndeclared(RuntimeError):
    """A handler returned variables that its `@handles` does not declare, so models and tests cannot know them."""


_handlers: dict[str, Handler] = {}


def handles(
    topic: Topic,
    template: Template,
    *,
    returns: AbstractSet[str] = frozenset(),
    throws: AbstractSet[BpmnError] = frozenset(),
    retries: RetryProfile = STANDARD,
) -> Callable[[Handle], Handle]:
    """Registers the function. Returning a variable that is not in `returns` raises VariablesUndeclared. Models must
    have a path for every error in `throws`."""

    def register(handle: Handle) -> Handle:
        if topic in _handlers:
            raise ValueError(f"{topic} has two handlers.")
        checked = _checked(topic, handle, frozenset(returns))
        parameters = inspect.signature(handle).parameters
        _handlers[topic] = Handler(topic, checked, frozenset(returns), frozenset(throws), parameters, template, retries)
        return checked

    return register


def _checked(topic: Topic, handle: Handle, returns: frozenset[str]) -> Handle:
    @wraps(handle)
    def checked(*args: Any, **kwargs: Any) -> HandlerResult:
        answer = handle(*args, **kwargs)
        if isinstance(answer, Mapping) and (undeclared := sorted(answer.keys() - returns)):
            names = ", ".join(undeclared)
            raise VariablesUndeclared(f"The handler of {topic} returned {names}: declare it in @handles(returns=…).")
        return answer

    return checked


def handlers() -> dict[str, Handler]:
    """The handlers by topic; imports every module of `workers/topics`."""
    for module in pkgutil.iter_modules(workers.topics.__path__):
        importlib.import_module(f"workers.topics.{module.name}")
    return dict(_handlers)
