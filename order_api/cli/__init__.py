"""`order-service`: what operators and workflow designers do from a terminal."""

import click

from order_api.cli import database, models, operate, replay


@click.group()
def main() -> None:
    """The order management service."""


for commands in (database, models, operate, replay):
    for command in commands.COMMANDS:
        main.add_command(command)
