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
@click.option("--if-empty", is_flag=True, help="Only in a database that holds no collection yet.")
def seed_demo(if_empty: bool) -> None:
    """Make the demo's collection, API keys, users and stock.

    Running it again makes what is missing and gives keys and users the values of DEMO_*; the collection keeps its
    properties.
    """
    if if_empty and has_collections():
        click.echo("The database holds collections already: no demo data was added, nothing was changed.")
        return
    seed()
    click.echo("The demo data is there.")


COMMANDS = (migrate, seed_demo)
