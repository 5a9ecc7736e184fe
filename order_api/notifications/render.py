"""Renders the template of a notice: its first line is the subject, the rest the body of a mail."""

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from order_api.notifications.notices import Notice


def render(notice: Notice, variables: Mapping[str, object]) -> str:
    return _templates().get_template(f"{notice}.txt").render(**variables)


@cache
def _templates() -> Environment:
    loader = PackageLoader("order_api.notifications")
    return Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - plain text
