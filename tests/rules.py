"""The names of tests and the number of their assertions, read from sources: nothing is imported or run."""

import ast
import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("tests", "order_api")
"""The package contains the port tests that third parties run."""
ASSERTING = {"raises", "expect"}

Sources = dict[str, str]
"""Path → text."""


def working_tree() -> Sources:
    files = (file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
    return {str(file.relative_to(ROOT)): file.read_text() for file in files}


def of_commit(commit: str) -> Sources:
    packed = subprocess.run(["git", "archive", commit, *FOLDERS], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        files = {member.name: archive.extractfile(member) for member in archive if member.name.endswith(".py")}
        return {name: file.read().decode() for name, file in files.items() if file}


def names_of_tests(sources: Sources) -> list[str]:
    """`file::class::function` of each test, without parameters."""
    return [f"{file}::{name}" for file in sorted(sources) for name in _tests_in(ast.parse(sources[file]).body)]


def assertions(sources: Sources) -> int:
    """Counts `assert`, `raises(…)` and `expect(…)` under tests/ and in those files of the package that hold tests."""
    trees = {file: ast.parse(source) for file, source in sources.items()}
    testing = [tree for file, tree in trees.items() if file.startswith("tests/") or any(_tests_in(tree.body))]
    return sum(_asserts(node) for tree in testing for node in ast.walk(tree))


def _tests_in(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}::{name}" for name in _tests_in(node.body))


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        return called in ASSERTING
    return isinstance(node, ast.Assert)
