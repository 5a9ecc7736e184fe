"""(j) Reading an order while strangers attack: silent and slow connections, and others who guess passwords."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from statistics import quantiles
from threading import Event
from urllib.parse import urlsplit

import requests

from tests.bench.preview import in_ms
from tests.bench.stage import Stage
from tests.fixtures.callers import From
from tests.fixtures.shop import Shop
from tests.fixtures.system import WAREHOUSE_KEY

SILENT, SLOW, GUESSING, FLOODING = 200, 50, 20, 20
Act = Callable[[Event], None]
HALF = b"POST /v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"


def measure(stage: Stage, reads: int) -> list[tuple[str, str, str, str]]:
    """Rows of p95 of a read: beside the attack, and before it."""
    shop = stage.shop
    shop.system.start("api")
    path = f"/v1/orders/{shop.place()['id']}"
    rows = []
    for name, attack in (
        ("200 silent, 50 slow, 20 guessing", strangers),
        ("20 clients of another key that never pause", flooding),
    ):
        before = _p95(shop, path, reads)
        with attack(shop):
            beside = _p95(shop, path, reads)
        rows.append((name, f"{beside:.0f} ms", f"{before:.0f} ms", f"{beside / before:.2f}"))
    shop.system.kill("api")
    return rows


def _p95(shop: Shop, path: str, reads: int) -> float:
    times = []
    for _ in range(reads):
        times.append(in_ms(lambda: shop.call("GET", path)))
        time.sleep(0.02)
    return quantiles(times, n=100, method="inclusive")[94]


@contextmanager
def strangers(shop: Shop) -> Iterator[None]:
    acts: list[Act] = []
    acts += [partial(_hold, shop, b"")] * SILENT + [partial(_hold, shop, HALF)] * SLOW
    acts += [partial(_guess, shop, number) for number in range(GUESSING)]
    with _all_at_once(acts):
        yield


@contextmanager
def flooding(shop: Shop) -> Iterator[None]:
    """By the key of the warehouse, whose rate is far lower than what it sends."""
    shop.sql("UPDATE api_keys SET requests_per_second = 50 WHERE role = 'warehouse'")
    with _all_at_once([partial(_flood, shop)] * FLOODING):
        yield
    shop.sql("UPDATE api_keys SET requests_per_second = 1000 WHERE role = 'warehouse'")


@contextmanager
def _all_at_once(acts: Sequence[Act]) -> Iterator[None]:
    stop = Event()
    with ThreadPoolExecutor(len(acts)) as pool:
        futures = [pool.submit(act, stop) for act in acts]
        time.sleep(3)
        try:
            yield
        finally:
            stop.set()
        for future in futures:
            future.result()


def _hold(shop: Shop, begins: bytes, stop: Event) -> None:
    """Connects anew when it is cut off. A slow one sends a byte a second."""
    address = urlsplit(shop.system.url)
    while not stop.is_set():
        with suppress(OSError), socket.create_connection((address.hostname, address.port), timeout=1) as sock:
            sock.sendall(begins)
            while not stop.is_set() and _is_open(sock):
                if begins:
                    sock.sendall(b"x")


def _is_open(sock: socket.socket) -> bool:
    try:
        return sock.recv(1_000) != b""
    except TimeoutError:
        return True


def _guess(shop: Shop, number: int, stop: Event) -> None:
    with requests.Session() as session:
        session.mount("http://", From(f"127.0.1.{number + 1}"))
        body = {"username": "carla-csr", "password": "guessed"}
        while not stop.is_set():
            with suppress(requests.RequestException):
                session.post(f"{shop.system.url}/v1/tokens", json=body, timeout=10)


def _flood(shop: Shop, stop: Event) -> None:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {WAREHOUSE_KEY}"
        while not stop.is_set():
            with suppress(requests.RequestException):
                session.get(f"{shop.system.url}/v1/orders", timeout=10)
