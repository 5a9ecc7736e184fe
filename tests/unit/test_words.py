"""Business words are defined once, as enums: product code uses the member and never spells the word."""

import ast
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from order_api.words import CustomerType, FulfillmentType, Role, TenderType
from order_api.words.events import Event

ROOT = Path(__file__).parents[2]
ENUMS: tuple[type[StrEnum], ...] = (Event, FulfillmentType, TenderType, CustomerType)
SHARED = {"channel", "warehouse"}
"""Roles that are also names of fields and programs. ENUMS leaves out Category: other enums share its words."""
BODIES_OF_CHANNELS = {"order_api/placement/examples.py", "order_api/cli/replay/superstore.py"}


def product_files() -> Iterator[Path]:
    for folder in ("order_api", "workers"):
        yield from (file for file in (ROOT / folder).rglob("*.py") if file.parent != ROOT / "order_api" / "words")


def spelled(file: Path) -> set[str]:
    return {
        node.value
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_no_module_spells_a_role() -> None:
    files = {str(file.relative_to(ROOT)): spelled(file) & set(Role) - SHARED for file in product_files()}

    assert {file: found for file, found in files.items() if found} == {}


@pytest.mark.parametrize("words", ENUMS, ids=lambda words: words.__name__)
def test_no_module_spells_a_word_that_an_enum_holds(words: type[StrEnum]) -> None:
    files = {str(file.relative_to(ROOT)): spelled(file) & set(words) for file in product_files()}

    assert {file: found for file, found in files.items() if found and file not in BODIES_OF_CHANNELS} == {}
