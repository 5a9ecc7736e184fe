"""For developers: the pages of docs/ that are written from the code."""

from importlib import import_module
from pathlib import Path

import click

from order_api.cli.permissions_page import permissions_text
from order_api.core.error_codes import FIELD_CODES, error_codes

ERRORS, PERMISSIONS = Path("docs/errors.md"), Path("docs/permissions.md")
INTRODUCTION = """# Error codes

For developers of sales channels. Every error of the API is `application/problem+json`. Programs rely on `code`;
`detail` says what is wrong with this request, and `errors` which fields are wrong. The running service shows this page
at `/docs/errors`, and the `type` of each error links to it. `order-service error-codes` writes it from the code.
"""
FIELDS = """
# Codes of fields

`errors` holds these codes, each with the path of its field.

| Code | Meaning |
|---|---|
"""


def errors_text() -> str:
    # Loads every refusal that the service can answer with. Not at the top: other commands start faster without it.
    import_module("order_api.app")
    codes = "".join(f"\n## {entry.code}\n\n{entry.status}. {entry.meaning}\n" for entry in error_codes())
    fields = "".join(f"| `{code}` | {meaning} |\n" for code, meaning in FIELD_CODES.items())
    return INTRODUCTION + codes + FIELDS + fields


@click.command("error-codes")
def write_error_codes() -> None:
    """For developers: write docs/errors.md from the code."""
    ERRORS.write_text(errors_text(), encoding="utf-8")
    click.echo(f"Wrote {ERRORS}.")


@click.command("permissions")
def write_permissions() -> None:
    """For developers: write docs/permissions.md from the code."""
    PERMISSIONS.write_text(permissions_text(), encoding="utf-8")
    click.echo(f"Wrote {PERMISSIONS}.")


COMMANDS = (write_error_codes, write_permissions)
