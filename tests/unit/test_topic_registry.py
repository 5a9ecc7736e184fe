"""Handlers do what `@handles` declares, because linter, templates and contract tests rely on it."""

from collections.abc import Iterator
from typing import cast

import pytest

from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from workers.runtime import registry
from workers.runtime.registry import Handle, VariablesUndeclared, handles

A_TOPIC = cast("Topic", "topic-of-this-test")
A_TEMPLATE = Template("Score", "Scores it.")


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    registry._handlers.pop(A_TOPIC, None)


def handler_returning(answer: dict[str, str] | None) -> Handle:
    @handles(A_TOPIC, A_TEMPLATE, returns={"score"}, throws={BpmnError.TOO_LATE})
    def handle() -> dict[str, str] | None:
        return answer

    return handle


@pytest.mark.parametrize("answer", [None, {}, {"score": "7"}])
def test_a_handler_may_return_what_it_declares_or_less(answer: dict[str, str] | None) -> None:
    assert handler_returning(answer)() == answer


def test_a_handler_that_returns_an_undeclared_variable_fails_and_the_error_names_the_variable() -> None:
    handle = handler_returning({"score": "7", "reasons": "none"})

    with pytest.raises(VariablesUndeclared, match="handler of topic-of-this-test returned reasons: declare it"):
        handle()


def test_what_a_handler_declares_is_known_by_its_topic() -> None:
    handler_returning(None)

    found = registry._handlers[A_TOPIC]

    assert found.returns == {"score"}
    assert found.throws == {BpmnError.TOO_LATE}
    assert found.template == A_TEMPLATE


def test_a_topic_has_one_handler() -> None:
    handler_returning(None)

    with pytest.raises(ValueError, match="topic-of-this-test has two handlers"):
        handler_returning(None)
