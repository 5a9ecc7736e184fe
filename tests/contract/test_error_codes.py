"""docs/errors.md and the page /docs/errors list every code that the API answers."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from order_api.cli.reference import errors_text
from order_api.core.error_codes import FIELD_CODES, error_codes

CHECKOUT = Path(__file__).parents[2]
CODES = re.findall(r"^## (\w+)$", errors_text(), re.MULTILINE)
LIST = """
import json
from order_api.app import create_app
from order_api.core.error_codes import error_codes
create_app()
print(json.dumps([entry.code for entry in error_codes()]))
"""


def test_the_document_is_written_from_the_code() -> None:
    assert (CHECKOUT / "docs" / "errors.md").read_text(encoding="utf-8") == errors_text()


def test_a_service_that_just_started_knows_the_same_codes(app: Flask) -> None:
    listed = subprocess.run([sys.executable, "-c", LIST], cwd=CHECKOUT, capture_output=True, text=True, check=True)

    assert json.loads(listed.stdout.splitlines()[-1]) == CODES


def test_the_page_has_a_place_for_each_code(app: Flask) -> None:
    page = app.test_client().get("/docs/errors").get_data(as_text=True)

    assert [code for code in CODES if f'<h2 id="{code}">' not in page] == []
    assert [code for code in FIELD_CODES if f"<code>{code}</code>" not in page] == []


def test_the_type_of_a_problem_leads_to_its_place_on_that_page(app: Flask) -> None:
    problem = app.test_client().get("/v1/orders").get_json()

    assert problem["type"] == "/docs/errors#credential_missing"
    assert problem["title"] == "Credential missing."


def test_each_code_says_what_is_wrong() -> None:
    assert [entry.code for entry in error_codes() if not entry.meaning.endswith(".")] == []
    assert len(CODES) == len(set(CODES))


def codes_of_fields(source: Path) -> Iterator[str]:
    """`Difference(field, code, …)`, `_finding(field, code, …)` and `Reason(code, …)`."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="Difference" | "_finding"), args=[_, ast.Constant(value=str(code)), *_]):
                yield code
            case ast.Call(func=ast.Name(id="Reason"), args=[ast.Constant(value=str(code)), *_]):
                yield code


def test_the_codes_of_fields_are_those_in_the_code() -> None:
    used = {code for file in (CHECKOUT / "order_api").rglob("*.py") for code in codes_of_fields(file)}

    composed = {"invalid", "repeated_id", "repeated_line_id", "address_missing", "store_missing"}
    assert used | composed == FIELD_CODES.keys()


@pytest.mark.parametrize(
    ("path", "status", "code"), [("/nowhere", 404, "not_found"), ("/v1/tokens", 405, "method_not_allowed")]
)
def test_errors_of_http_have_codes_of_their_own(app: Flask, path: str, status: int, code: str) -> None:
    answer = app.test_client().get(path)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
