"""Schema and demo data."""

import click

from order_api.cli.demo import seed
from order_api.migrations.run import migrate as run_migrations


@click.command()
def migrate() -> None:
    """Bring the database to the schema of this release."""
    run_migrations()
    click.echo("The database is at the newest schema.")


@click.command("seed-demo")
def seed_demo() -> None:
    """Make the demo's collection, API keys, users and stock. Running it again keeps everything and follows DEMO_*."""
    seed()
    click.echo("The demo data is there.")


COMMANDS = (migrate, seed_demo)
