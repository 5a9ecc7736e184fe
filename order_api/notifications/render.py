"""Renders the template of a notice: its first line is the subject, the rest the body of a mail."""

from collections.abc import Mapping
from functools import cache
from unicodedata import bidirectional

from jinja2 import Environment, PackageLoader, StrictUndefined

from order_api.notifications.notices import Notice

LEFT_TO_RIGHT = {"", "L", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S", "WS", "ON"}
"""Unicode's directions of characters that move no words before or after them."""
FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE = "\u2068", "\u2069"


def render(notice: Notice, variables: Mapping[str, object]) -> str:
    return _templates().get_template(f"{notice}.txt").render(**variables)


@cache
def _templates() -> Environment:
    loader = PackageLoader("order_api.notifications")
    return Environment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - plain text
        finalize=_isolated,
    )


def _isolated(value: object) -> object:
    """Keeps a text that runs from right to left, or turns the direction, from moving the words around it (UAX 9)."""
    turns = isinstance(value, str) and any(bidirectional(c) not in LEFT_TO_RIGHT for c in value)
    return f"{FIRST_STRONG_ISOLATE}{value}{POP_DIRECTIONAL_ISOLATE}" if turns else value
