"""`order-service`: the commands of operators and workflow designers."""

from importlib import import_module
from typing import Any

import click

MODULES = {
    "audit": ("audit",),
    "database": ("migrate", "seed-demo"),
    "models": ("lint", "deploy", "fetch-models", "templates"),
    "operate": ("outbox", "restart-process", "bind-process", "unlock-login", "tidy"),
    "reference": ("error-codes", "permissions"),
    "refunds": ("settle-refund", "book-refund"),
    "replay": ("replay",),
    "warehouse": ("warehouse",),
}
"""The commands of each module of this package. Only the module of the command that is run is imported: that halves the
time until it does anything."""


class Commands(click.Group):
    """Prints a refusal as one sentence; only a bug prints a traceback."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(name for names in MODULES.values() for name in names)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        module = next((module for module, names in MODULES.items() if name in names), None)
        return None if module is None else commands_of(module).get(name)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except Exception as error:
            if isinstance(error, import_module("order_api.cli.refusals").REFUSALS):
                raise click.ClickException(str(error)) from None
            raise


def commands_of(module: str) -> dict[str, click.Command]:
    """By name, the commands that a module of this package holds."""
    commands = import_module(f"order_api.cli.{module}").COMMANDS
    return {str(command.name): command for command in commands}


@click.group(cls=Commands)
def main() -> None:
    """The order management service."""
