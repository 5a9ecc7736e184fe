"""A payment gateway that takes connections and never answers holds a quarter of the threads, and no other order."""

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from tests.bank.system import BANK, SystemWithBank
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

MANY = 24
"""Three times as many as the workers have threads."""
QUARTER = 2


@pytest.fixture
def silent_bank(shop: Shop) -> Iterator[SystemWithBank]:
    """Its server is stopped, so the system takes the connections for it."""
    system = shop.system
    assert isinstance(system, SystemWithBank)
    group = system.running[BANK].pid
    os.killpg(group, signal.SIGSTOP)
    yield system
    os.killpg(group, signal.SIGCONT)


def by_invoice(shop: Shop) -> Json:
    return shop.place(tenders=[{"type": "invoice", "amount": "10.00"}])


def calls_under_way(system: SystemWithBank) -> int:
    workers = psutil.Process(system.running["workers"].pid)
    to_bank = [c for c in workers.net_connections("tcp") if c.raddr and c.raddr.port == system.bank_port]
    return sum(c.status == psutil.CONN_ESTABLISHED for c in to_bank)


def test_orders_that_need_no_card_go_on_while_the_gateway_of_cards_is_silent(
    shop: Shop, silent_bank: SystemWithBank
) -> None:
    waiting = [shop.place() for _ in range(MANY)]
    wait_until(lambda: calls_under_way(silent_bank) >= QUARTER, what="as many calls as may be")

    seen = []
    for _ in range(5):
        order = by_invoice(shop)

        def is_sent(order_id: str = order["id"]) -> bool:
            seen.append(calls_under_way(silent_bank))
            return shop.sql("SELECT 1 FROM fulfillment_requests WHERE order_id = %s", order_id) != []

        wait_until(is_sent, what="the order that needs no card at fulfillment")

    assert max(seen) <= QUARTER
    os.killpg(silent_bank.running[BANK].pid, signal.SIGCONT)
    for order in waiting:
        shop.wait_until_sent([item["id"] for item in order["items"]])
