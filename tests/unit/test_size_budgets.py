"""A file has one reason to be opened and a function does one thing: above 300 and 40 lines they are refused."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("order_api", "workers", "deploy", "tests")
GENERATED = ROOT / "order_api" / "migrations" / "versions"
MAX_FILE_LENGTH, MAX_FUNCTION_LENGTH, MAX_TOPIC_LENGTH = 300, 40, 10


def files(folder: str) -> list[Path]:
    return [file for file in (ROOT / folder).rglob("*.py") if GENERATED not in file.parents]


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Name and length of every function, without its decorators."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_file_is_longer_than_its_budget(folder: str) -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files(folder)}

    assert {file: length for file, length in lengths.items() if length > MAX_FILE_LENGTH} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_function_is_longer_than_its_budget(folder: str) -> None:
    lengths = {f"{file.relative_to(ROOT)} {name}": length for file in files(folder) for name, length in functions(file)}

    assert {name: length for name, length in lengths.items() if length > MAX_FUNCTION_LENGTH} == {}


@pytest.mark.parametrize("file", sorted((ROOT / "workers" / "topics").glob("[a-z]*.py")), ids=lambda file: file.stem)
def test_a_topic_module_has_at_most_ten_lines_and_its_story_is_elsewhere(file: Path) -> None:
    functions = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)]

    assert [function.name for function in functions] == ["handle"]
    body = functions[0].body
    assert (body[-1].end_lineno or 0) - body[0].lineno < MAX_TOPIC_LENGTH
