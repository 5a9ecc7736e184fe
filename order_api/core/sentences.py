"""The sentence below a field of a class describes that field: to readers of the code, and in the OpenAPI document.

Python drops these strings, so we read them from the source, as Pydantic does for `use_attribute_docstrings`.
"""

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise


@cache
def sentences_of(described: type) -> dict[str, str]:
    """By field, inherited fields included."""
    sentences: dict[str, str] = {}
    for owner in reversed(described.__mro__):
        if owner.__module__.partition(".")[0] not in {"builtins", "marshmallow"}:
            sentences |= _sentences_in(owner.__module__).get(owner.__name__, {})
    return sentences


@cache
def _sentences_in(module: str) -> dict[str, dict[str, str]]:
    """By class and field. Parses each file once: `inspect` would parse the whole file anew for every class in it."""
    classes = ast.parse(inspect.getsource(sys.modules[module])).body
    return {node.name: _sentences_of(node) for node in classes if isinstance(node, ast.ClassDef)}


def _sentences_of(node: ast.ClassDef) -> dict[str, str]:
    return {name: text for field, below in pairwise(node.body) if (name := _name(field)) and (text := _text(below))}


def _name(field: ast.stmt) -> str | None:
    match field:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return None


def _text(below: ast.stmt) -> str | None:
    match below:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return " ".join(text.split())
    return None
