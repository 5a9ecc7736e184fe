"""A story of one transaction takes `session`, opens none and makes no outside call; one runner opens the others."""

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]
OPENERS = {"transaction", "single_statement", "snapshot", "run", "begin", "connect"}
PORTS = {
    node.name
    for file in (ROOT / "order_api" / "integrations").rglob("registry.py")
    for node in ast.parse(file.read_text()).body
    if isinstance(node, ast.FunctionDef)
} | {"adapter"}
"""The functions that choose an adapter."""
CALLS_OF_THE_ENGINE = {"completed_by", "places"}
"""Only calls with unambiguous names; at run time, the engine's client refuses every call in a transaction."""
EDGES = ("order_api/core/", "order_api/api/", "order_api/console/", "order_api/cli/", "order_api/access/", "workers/")
"""The places that open transactions: the runner, the API and page edge, commands, and programs."""
OUTSIDE_SYSTEMS = ("order_api/integrations/", "order_api/migrations/")
"""The builtin adapters simulate outside systems with their own tables."""


def called(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute):
            yield call.func.id if isinstance(call.func, ast.Name) else call.func.attr


def takes_session(function: ast.FunctionDef) -> bool:
    return "session" in [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]


def violations(source: str, *, is_edge: bool = False) -> list[str]:
    """The violations of the rule in this source, as `function: call`."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    listed = []
    for function in functions:
        refused = OPENERS | PORTS | CALLS_OF_THE_ENGINE if takes_session(function) else set() if is_edge else OPENERS
        listed += [f"{function.name}: {name}" for name in called(function) if name in refused]
    return listed


def in_project() -> list[str]:
    listed = []
    for file in sorted([*(ROOT / "order_api").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]):
        path = file.relative_to(ROOT).as_posix()
        if not path.startswith(OUTSIDE_SYSTEMS):
            listed += [f"{path} {found}" for found in violations(file.read_text(), is_edge=path.startswith(EDGES))]
    return listed


def test_each_story_keeps_the_rule_of_transactions() -> None:
    assert in_project() == []


@pytest.mark.parametrize(
    ("planted", "listed"),
    [
        (
            """
            def cancel_order(session, actor):
                with transaction() as another:
                    pass
            """,
            ["cancel_order: transaction"],
        ),
        (
            """
            def capture(session, row):
                return gateway("card").capture(row.id)
            """,
            ["capture: gateway"],
        ),
        (
            """
            def release(session, actor):
                run(BeginUndo(actor))
            """,
            ["release: run"],
        ),
        (
            """
            def note_later(actor):
                with transaction() as session:
                    pass
            """,
            ["note_later: transaction"],
        ),
        (
            """
            def send(order_id, *, session):
                return vendor("main").find(order_id)
            """,
            ["send: vendor"],
        ),
        (
            """
            def note_apart(session):
                with engine().begin() as another:
                    pass
            """,
            ["note_apart: begin"],
        ),
        (
            """
            def settle(session, row):
                return completed_by(row.id)
            """,
            ["settle: completed_by"],
        ),
    ],
    ids=[
        "opens another",
        "calls outside",
        "runs a story with calls",
        "a slice opens a transaction",
        "calls outside, with the session by name",
        "opens another behind SQLAlchemy's own name",
        "calls the engine",
    ],
)
def test_a_planted_example_is_caught(planted: str, listed: list[str]) -> None:
    assert violations(dedent(planted)) == listed
