"""One function runs all checks before a story; no route, page or verb has its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.fixtures.sources import imported

PACKAGE = Path(__file__).parents[2] / "order_api"
SOURCES = {str(file.relative_to(PACKAGE)): ast.parse(file.read_text()) for file in PACKAGE.rglob("*.py")}
READ_HEADERS = {"api/payment_events.py", "access/route.py", "app.py", "console/site.py", "core/text_check.py"}
KNOW_HTTP = ("access/", "api/", "app.py", "console/", "core/")


def called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def files_that_import(name: str) -> set[str]:
    return {file for file, tree in SOURCES.items() if name in imported(tree)}


def reads_headers(tree: ast.Module) -> bool:
    return any(isinstance(n, ast.Attribute) and ast.unparse(n) == "request.headers" for n in ast.walk(tree))


def test_no_route_and_no_verb_reads_the_headers_of_a_request() -> None:
    assert {file for file, tree in SOURCES.items() if reads_headers(tree)} == READ_HEADERS


def test_no_verb_knows_of_a_request() -> None:
    with_flask = {f for f, tree in SOURCES.items() if any(name.split(".")[0] == "flask" for name in imported(tree))}

    assert {file for file in with_flask if not file.startswith(KNOW_HTTP)} == set()


def test_routes_and_actions_of_pages_are_checked_by_the_same_function() -> None:
    assert files_that_import("order_api.access.edge.carry_out") == {"access/route.py", "console/action.py"}


def test_only_the_edge_looks_for_an_answer_under_a_key() -> None:
    assert files_that_import("order_api.access.idempotency.answer_once") == {"access/edge.py"}


def test_no_route_checks_a_version_itself() -> None:
    checks = {file for file, tree in SOURCES.items() if any("require_version" in call for call in called(tree))}

    assert checks == {"orders/version.py", "shipments/repository.py"}


def test_every_route_that_needs_a_credential_is_declared_with_its_permission() -> None:
    """A route that is registered at its blueprint directly would skip the checks."""
    registered = {
        file
        for file, tree in SOURCES.items()
        if file.startswith("api/") and any(call.startswith("blueprint.") for call in called(tree))
    }

    assert registered == {"api/health.py", "api/payment_events.py", "api/tokens.py"}
