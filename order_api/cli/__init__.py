"""`order-service`: the commands of operators and workflow designers."""

from typing import Any

import click

from order_api.camunda.engine import EngineError
from order_api.cli import audit, database, models, operate, reference, refunds, replay, warehouse
from order_api.core.errors import ServiceError
from order_api.core.settings import SettingInvalid
from order_api.migrations.run import SchemaUnknown, TablesInUse


class Commands(click.Group):
    """Prints a refusal as one sentence; only a bug prints a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (ServiceError, EngineError, SettingInvalid, SchemaUnknown, TablesInUse) as refused:
            raise click.ClickException(str(refused)) from None


@click.group(cls=Commands)
def main() -> None:
    """The order management service."""


for commands in (audit, database, models, operate, reference, refunds, replay, warehouse):
    for command in commands.COMMANDS:
        main.add_command(command)
