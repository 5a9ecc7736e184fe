"""Commands for the schema and the demo data."""

import click

from order_api.cli.demo import has_collections, seed
from order_api.migrations.run import migrate as run_migrations


@click.command()
def migrate() -> None:
    """Bring the database to the schema of this release."""
    run_migrations()
    click.echo("The database is at the newest schema.")


@click.command("seed-demo")
@click.option("--if-empty", is_flag=True, help="Only if the database has no collection yet.")
def seed_demo(if_empty: bool) -> None:
    """Create the demo's collection, API keys, users and stock.

    Running it again creates what is missing and sets API keys and passwords from DEMO_*; the collection keeps its
    properties.
    """
    if if_empty and has_collections():
        click.echo("The database already has collections: no demo data was added.")
        return
    seed()
    click.echo("The demo data is in place.")


COMMANDS = (migrate, seed_demo)
