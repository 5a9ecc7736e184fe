"""Every operation of the OpenAPI document, with content that schemathesis makes of its schema."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.fuzz.caller import Answer, Caller
from tests.fuzz.whole_life import Callers

EXAMPLES = 4
ALL = list(HealthCheck)
NOT_OURS: list[Any] = [positive_data_acceptance, negative_data_rejection]
"""Numbers that fit the schema need not add up, so the API may refuse well-formed content. What is wrong about a request
may be the credential alone, which each caller replaces by its own; tests/contract/test_openapi.py looks at refusals."""
MARKED = ("external_id", "reference", "note", "text", "comment", "unexpected")


def rounds(callers: Callers, number: int) -> Iterator[None]:
    """Each step tries one operation with one of the two credentials that may do nearly everything."""
    document: Any = schemathesis.openapi.from_url(f"{callers.channel.url}/openapi.json")
    operations = [operation.ok() for operation in document.get_all_operations()]
    both = [(operation, caller) for operation in operations for caller in (callers.channel, callers.admin)]
    for number_of_step, (operation, caller) in enumerate(cycle(both), number):
        _try(operation, caller, number_of_step)
        yield


def _try(operation: Any, caller: Caller, number: int) -> None:
    modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @seed(number)
    @settings(max_examples=EXAMPLES, phases=[Phase.generate], deadline=None, database=None, suppress_health_check=ALL)
    @given(case=st.one_of(modes))
    def check(case: Case[Any]) -> None:
        _mark(case, caller)
        headers = {"Authorization": f"Bearer {caller.credential}"}
        answer = case.call_and_validate(caller.url, headers=headers, excluded_checks=NOT_OURS)
        [content_type] = answer.headers.get("content-type", [""])
        noted = Answer(answer.status_code, content_type, answer.text)
        caller.note(case.method, case.formatted_path, noted, f"{case.body!r} {case.query!r}")

    check()


def _mark(case: Case[Any], caller: Caller) -> None:
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return  # A mark could make a wrong text right.
    for name in MARKED:
        if isinstance(case.body, dict) and isinstance(case.body.get(name), str):
            case.body[name] = caller.tally.mark()
