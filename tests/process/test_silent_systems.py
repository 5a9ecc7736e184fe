"""Outside systems that take connections and never answer, one of each role: each holds a quarter of the threads at
most, and orders that need none of them go on."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from order_api.outbox.lanes import LANES, MAIL, lane_of
from tests.bank.system import BANK, SystemWithBank
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until
from tests.partners.adapters import GATEWAY, SCREENER, VENDOR
from tests.partners.server import Partner, calls_under_way, partners_of

MANY = 12
"""More than the workers have threads: so many orders wait for each silent system."""
OTHERS = 4
QUARTER = 2
OF_RELAY = sum(lane.senders for lane in LANES.values())
MAX_CALLS = {GATEWAY: QUARTER, VENDOR: QUARTER, SCREENER: QUARTER, MAIL: lane_of(MAIL).senders}


@dataclass
class Silence:
    """`calls` are the most calls that were seen under way to each system at once."""

    waiting: list[Json] = field(default_factory=list)
    completed: list[Json] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MAX_CALLS, 0))
    mail_calls_of_workers: int = 0


def by_invoice(shop: Shop) -> Json:
    return shop.place(tenders=[{"type": "invoice", "amount": "10.00"}])


@pytest.fixture(scope="module")
def partners(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Partner]]:
    """The workers ask a vendor and a screener outside; their gateway is the bank."""
    with partners_of(shop.system, tmp_path_factory.mktemp("partners"), VENDOR, SCREENER) as partners:
        shop.system.stop("workers")
        shop.system.start("workers")
        yield partners
    shop.system.stop("workers")
    shop.system.start("workers")


@pytest.fixture(scope="module")
def silence(shop: Shop, partners: dict[str, Partner]) -> Silence:
    """What happens while all four are silent. Orders that are at fulfillment already leave and arrive meanwhile."""
    here, others = Silence(), [by_invoice(shop) for _ in range(OTHERS)]
    shop.wait_until_sent([item["id"] for order in others for item in order["items"]])
    with silent_bank_and_mail(shop):
        here.waiting += until_stored(shop, "payment_transactions", [shop.place() for _ in range(MANY)])
        partners[VENDOR].fall_silent()
        here.waiting += until_stored(shop, "fulfillment_requests", [by_invoice(shop) for _ in range(MANY)])
        partners[SCREENER].fall_silent()
        here.waiting += until_stored(shop, "fraud_screenings", [by_invoice(shop) for _ in range(MANY)])
        wait_until(lambda: look(shop, partners, here) and all(here.calls.values()), what="a call to each system")
        for order in others:
            shop.deliver(shop.ship(order))
        wait_until(
            lambda: look(shop, partners, here) and are_completed(shop, others), what="the other orders completed"
        )
        here.completed = others
    for each in partners.values():
        each.speak()
    return here


@contextmanager
def silent_bank_and_mail(shop: Shop) -> Iterator[None]:
    """The bank's server is stopped, so the system takes the connections for it."""
    group = shop.system.running[BANK].pid
    os.killpg(group, signal.SIGSTOP)
    shop.mailbox.is_silent = True
    try:
        yield
    finally:
        shop.mailbox.is_silent = False
        os.killpg(group, signal.SIGCONT)


def until_stored(shop: Shop, table: str, orders: list[Json]) -> list[Json]:
    """Waits until the workers have decided to call the outside system for each of the orders."""
    stored = f"SELECT count(DISTINCT order_id) FROM {table} WHERE order_id = ANY(%s::uuid[])"
    ids = [order["id"] for order in orders]
    wait_until(lambda: shop.sql(stored, ids) == [(len(ids),)], what=f"a row of each order in {table}")
    return orders


def look(shop: Shop, partners: dict[str, Partner], here: Silence) -> bool:
    system, mail = shop.system, int(shop.system.env["SMTP_PORT"])
    assert isinstance(system, SystemWithBank)
    ports = {GATEWAY: system.bank_port, VENDOR: partners[VENDOR].port, SCREENER: partners[SCREENER].port}
    now = {role: calls_under_way(system, "workers", port) for role, port in ports.items()}
    now[MAIL] = calls_under_way(system, "relay", mail)
    here.calls = {role: max(here.calls[role], now[role]) for role in now}
    here.mail_calls_of_workers += calls_under_way(system, "workers", mail)
    return True


def are_completed(shop: Shop, orders: list[Json]) -> bool:
    completed = "SELECT count(*) FROM orders WHERE status = 'completed' AND id = ANY(%s::uuid[])"
    return shop.sql(completed, [order["id"] for order in orders]) == [(len(orders),)]


@pytest.mark.parametrize("role", MAX_CALLS)
def test_a_silent_system_holds_a_quarter_of_the_threads_at_most(silence: Silence, role: str) -> None:
    assert 0 < silence.calls[role] <= MAX_CALLS[role]


def test_a_silent_mail_server_holds_threads_of_the_relay_alone(silence: Silence) -> None:
    assert silence.mail_calls_of_workers == 0
    assert MAX_CALLS[MAIL] <= OF_RELAY / 4


def test_orders_that_need_none_of_the_silent_systems_complete(silence: Silence) -> None:
    assert len(silence.completed) == OTHERS


def test_orders_that_waited_for_a_silent_system_go_on_when_it_speaks(shop: Shop, silence: Silence) -> None:
    shop.wait_until_sent([item["id"] for order in silence.waiting for item in order["items"]])
