"""The script that `make bench` compares with answers as our workers do, so that it follows the same models."""

import pytest

from order_api.camunda.names import Topic
from tests.bench.bare import ANSWERS
from workers.runtime.registry import handlers


@pytest.mark.parametrize("topic", ANSWERS)
def test_the_bare_script_answers_what_a_worker_answers(topic: str) -> None:
    handler = handlers()[Topic(topic)]

    assert set(ANSWERS[topic]) <= handler.returns
    assert handler.returns - set(ANSWERS[topic]) <= {"fraud_reasons"}
