"""A credential over real HTTP, with the methods of the tests' own client, so that its factories work through it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import local
from typing import Any
from urllib.parse import urlsplit

import requests

from order_api.core import problem
from tests.fixtures.service import PROBLEM, Client
from tests.fuzz.tally import Tally

PATIENCE = 30
_of_thread = local()


def _session() -> requests.Session:
    """One for each thread, because two must not share one."""
    if not hasattr(_of_thread, "session"):
        _of_thread.session = requests.Session()
    return _of_thread.session  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Answer:
    """Has the names of Werkzeug's."""

    status_code: int
    content_type: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def get_json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Caller(Client):
    url: str = ""
    tally: Tally = field(default_factory=lambda: Tally(0))
    is_right: bool = False
    """Whether a refusal of what it sends is a failure."""

    def call(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.credential}"} if self.credential else {}
        headers |= more.pop("headers", {})
        query, data = more.pop("query_string", None), more.pop("data", None)
        request = requests.Request(method, self.url + path, headers, json=json, data=data, params=query)
        session = _session()
        response = session.send(session.prepare_request(request), timeout=PATIENCE)
        content_type = response.headers.get("Content-Type", "")
        answer = Answer(response.status_code, content_type, response.text, response.headers)
        self.note(method, path, answer, repr((json, data, query)))
        return answer

    def note(self, method: str, path: str, answer: Answer, sent: str) -> None:
        """Counts an answer. A refusal must have the published form."""
        tried = f"{method} {operation_of(self.operations, method, path)}"
        self.tally.add(tried, answer.status_code, sent)
        if self.is_right and answer.status_code >= 300:
            self.tally.fail(f"{tried}: a right request was answered {answer.status_code}: {answer.text[:500]}")
        is_problem = answer.content_type == problem.CONTENT_TYPE
        if is_problem != (answer.status_code >= 400) or (is_problem and PROBLEM.validate(answer.get_json())):
            self.tally.fail(f"{tried}: {answer.status_code} has another form: {answer.text[:500]}")

    @cached_property
    def operations(self) -> list[tuple[str, str]]:
        """Methods and rules."""
        rules = self.app.url_map.iter_rules()
        return [(method, rule.rule) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]


def operation_of(operations: list[tuple[str, str]], method: str, path: str) -> str:
    """The rule that fits the path best: that with the fewest variable parts."""
    parts = urlsplit(path).path.split("/")
    fitting = [rule for allowed, rule in operations if allowed == method and _fits(rule.split("/"), parts)]
    return min(fitting, key=lambda rule: rule.count("<"), default="(no route)")


def _fits(rule: list[str], parts: list[str]) -> bool:
    return len(rule) == len(parts) and all(r == p or r.startswith("<") for r, p in zip(rule, parts, strict=True))
