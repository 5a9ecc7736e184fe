"""The command that tries the service with a file of real orders."""

import time
from pathlib import Path

import click

from order_api.cli.replay import superstore
from order_api.cli.replay.channel import Replay, Report
from order_api.core.settings import settings
from order_api.orders.status import ORDER_STATUSES
from order_api.words import CLOSED

OVER = frozenset(status for status, category in ORDER_STATUSES.items() if category in CLOSED)
POLL_INTERVAL = 2.0
ORDERS_PER_POLL_SECOND = 500
"""Listing many orders keeps the API busy, so a larger file polls less often."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--api-key", envvar="DEMO_API_KEY", show_envvar=True, required=True, help="Key of the channel.")
@click.option(
    "--warehouse-key", envvar="DEMO_WAREHOUSE_KEY", show_envvar=True, required=True, help="Key that may receive stock."
)
@click.option("--url", default=None, help="Address of the API (default: API_URL).")
@click.option("--clients", default=4, show_default=True, help="How many orders are sent at once.")
@click.option("--limit", type=int, default=None, help="Place only this many orders, from the start of the file.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until every order is closed.")
def replay(
    file: Path, api_key: str, warehouse_key: str, url: str | None, clients: int, limit: int | None, wait: bool
) -> None:
    """Receive stock for a Superstore FILE and place its orders as a channel would. Safe to interrupt and repeat.

    Give the keys in the environment: on a command line everybody on the machine can read them.
    """
    in_file = superstore.read_orders(file)
    orders, skus = in_file[:limit], superstore.units_by_sku(in_file)
    channel = Replay(url or settings().api_url, api_key, warehouse_key, clients)
    with click.progressbar(channel.receive_stock(file, in_file), length=len(skus), label="Stock ") as received:
        for _ in received:
            pass
    report, began = Report(), time.monotonic()
    with click.progressbar(channel.place(orders, report), length=len(orders), label="Orders") as placed:
        for _ in placed:
            pass
    _report(report, time.monotonic() - began)
    if wait:
        _wait(channel, {order["external_id"] for order in orders}, report)


def _report(report: Report, seconds: float) -> None:
    click.echo(
        f"{report.orders} orders sent in {seconds:.0f} s: {report.accepted} accepted, {report.known} already known."
    )
    for reason, number in report.refused.most_common():
        click.echo(f"  refused {number}: {reason}")
    click.echo(f"Total of all accepted orders: {report.total:,.2f} {superstore.CURRENCY}")


def _wait(channel: Replay, external_ids: set[str], report: Report) -> None:
    began, accepted = time.monotonic(), report.accepted + report.known
    while True:
        statuses = channel.statuses(external_ids)
        click.echo(", ".join(f"{number} {status}" for status, number in sorted(statuses.items())))
        if sum(number for status, number in statuses.items() if status in OVER) >= accepted:
            break
        time.sleep(POLL_INTERVAL + accepted / ORDERS_PER_POLL_SECOND)
    click.echo(f"All closed {time.monotonic() - began:.0f} s after the last one was sent.")


COMMANDS = (replay,)
