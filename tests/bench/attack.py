"""(j) Reading an order while strangers attack: silent and slow connections, and others who guess passwords."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles

from tests.bench.attackers import FLOODING, GUESSING, SILENT, SLOW
from tests.bench.preview import in_ms
from tests.bench.stage import Stage
from tests.fixtures.shop import Shop
from tests.fixtures.system import ROOT, WAREHOUSE_KEY

UNTIL_ALL_ATTACK = 5.0
"""Seconds."""


def measure(stage: Stage, reads: int) -> list[tuple[str, str, str, str]]:
    """Rows of p95 of a read: beside the attack, and before it."""
    shop = stage.shop
    shop.system.start("api")
    shop.sql("UPDATE api_keys SET requests_per_second = 50 WHERE role = 'warehouse'")
    path = f"/v1/orders/{shop.place()['id']}"
    rows = []
    for name, arguments in (
        (f"{SILENT} silent, {SLOW} slow, {GUESSING} guessing", ["strangers"]),
        (f"{FLOODING} clients of another key that never pause", ["flood", WAREHOUSE_KEY]),
    ):
        before = _p95(shop, path, reads)
        with _attack(shop.system.url, *arguments):
            beside = _p95(shop, path, reads)
        rows.append((name, f"{beside:.0f} ms", f"{before:.0f} ms", f"{beside / before:.2f}"))
    shop.sql("UPDATE api_keys SET requests_per_second = 1000 WHERE role = 'warehouse'")
    shop.system.kill("api")
    return rows


def _p95(shop: Shop, path: str, reads: int) -> float:
    times = []
    for _ in range(reads):
        times.append(in_ms(lambda: shop.call("GET", path)))
        time.sleep(0.02)
    return quantiles(times, n=100, method="inclusive")[94]


@contextmanager
def _attack(url: str, *arguments: str) -> Iterator[None]:
    """By a process with the lowest claim to the processor, because it stands for machines elsewhere."""
    command = ["nice", "-n", "19", sys.executable, "-m", "tests.bench.attackers", url, *arguments]
    attackers = subprocess.Popen(command, cwd=ROOT)
    time.sleep(UNTIL_ALL_ATTACK)
    try:
        yield
    finally:
        attackers.kill()
        attackers.wait()
