"""(k) From a parcel that leaves to its completed order, while orders of others wait for a system that never answers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles

from tests.bench.orders import PATIENCE
from tests.bench.stage import Stage
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until
from tests.partners.adapters import GATEWAY, SCREENER, VENDOR
from tests.partners.server import Partner, partners_of

MAIL = "mail server"
ROLES = (GATEWAY, VENDOR, SCREENER, MAIL)
PROGRAMS = ("api", "workers", "relay")
WAITING = 24
"""Orders that need the silent system: three times as many as the workers have threads."""
PACE, SETTLING = 0.3, 3.0
"""Seconds between two parcels, and until the calls to the silent system are under way."""


def measure(stage: Stage, orders: int) -> list[tuple[str, str, str, str]]:
    """Rows of p95: beside the silent system, and before it fell silent."""
    shop, system = stage.shop, stage.shop.system
    system.kill("api")
    with partners_of(system, system.folder / "partners", GATEWAY, VENDOR, SCREENER) as partners:
        system.start(*PROGRAMS)
        shop.receive("MUG-WHITE", 3 * orders * len(ROLES) + WAITING)
        _p95(shop, _at_fulfillment(shop, orders))  # Everything warms up.
        rows = [_row(shop, role, partners.get(role), orders) for role in ROLES]
        for program in PROGRAMS:
            system.kill(program)
    return rows


def _row(shop: Shop, role: str, partner: Partner | None, orders: int) -> tuple[str, str, str, str]:
    first, second = _at_fulfillment(shop, orders), _at_fulfillment(shop, orders)
    before = _p95(shop, first)
    with _silent(shop, partner):
        waiting = [shop.place() for _ in range(WAITING)]
        time.sleep(SETTLING)
        beside = _p95(shop, second)
    _wait_until_sent(shop, waiting)
    return f"silent {role}", f"{1000 * beside:.0f} ms", f"{1000 * before:.0f} ms", f"{beside / before:.2f}"


@contextmanager
def _silent(shop: Shop, partner: Partner | None) -> Iterator[None]:
    """The mail server, if it is none of the partners."""
    if partner is not None:
        partner.fall_silent()
    shop.mailbox.is_silent = partner is None
    yield
    shop.mailbox.is_silent = False
    if partner is not None:
        partner.speak()


def _at_fulfillment(shop: Shop, orders: int) -> list[Json]:
    """Orders by invoice, which need none of the systems any more."""
    placed = [shop.place(tenders=[{"type": "invoice", "amount": "10.00"}]) for _ in range(orders)]
    _wait_until_sent(shop, placed)
    return placed


def _wait_until_sent(shop: Shop, placed: list[Json]) -> None:
    shop.wait_until_sent([item["id"] for order in placed for item in order["items"]])


def _p95(shop: Shop, orders: list[Json]) -> float:
    """Seconds, by the history of the orders."""
    for order in orders:
        shop.deliver(shop.ship(order))
        time.sleep(PACE)
    ids = [order["id"] for order in orders]
    completed = "SELECT count(*) FROM orders WHERE status = 'completed' AND id = ANY(%s::uuid[])"
    wait_until(lambda: shop.sql(completed, ids) == [(len(ids),)], seconds=PATIENCE, what="all orders completed")
    taken = """SELECT extract(epoch FROM max(at) FILTER (WHERE event = 'order.status_changed' AND after = 'completed')
                                       - min(at) FILTER (WHERE event = 'item.shipped'))
               FROM order_history WHERE order_id = ANY(%s::uuid[]) GROUP BY order_id"""
    return quantiles((float(seconds) for (seconds,) in shop.sql(taken, ids)), n=100, method="inclusive")[94]
