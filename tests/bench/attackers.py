"""Attacks a server until it is ended; it shares no interpreter with the process that measures.

Usage: `python -m tests.bench.attackers URL strangers` or `… URL flood KEY`.
"""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

import requests

from tests.fixtures.callers import From

SILENT, SLOW, GUESSING, FLOODING = 200, 50, 20, 20
HALF = b"POST /v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"


def main(url: str, attack: str, key: str = "") -> None:
    acts = [partial(_flood, url, key)] * FLOODING
    if attack == "strangers":
        acts = [partial(_hold, url, b"")] * SILENT + [partial(_hold, url, HALF)] * SLOW
        acts += [partial(_guess, url, number) for number in range(GUESSING)]
    with ThreadPoolExecutor(len(acts)) as pool:
        for act in acts:
            pool.submit(act)


def _hold(url: str, begins: bytes) -> None:
    """Connects anew when it is cut off. A slow one sends a byte a second."""
    address = urlsplit(url)
    while True:
        with suppress(OSError), socket.create_connection((address.hostname, address.port), timeout=1) as sock:
            sock.sendall(begins)
            while _is_open(sock):
                if begins:
                    sock.sendall(b"x")


def _is_open(sock: socket.socket) -> bool:
    try:
        return sock.recv(1_000) != b""
    except TimeoutError:
        return True


def _guess(url: str, number: int) -> None:
    with requests.Session() as session:
        session.mount("http://", From(f"127.0.1.{number + 1}"))
        body = {"username": "carla-csr", "password": "guessed"}
        while True:
            with suppress(requests.RequestException):
                session.post(f"{url}/v1/tokens", json=body, timeout=10)


def _flood(url: str, key: str) -> None:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {key}"
        while True:
            with suppress(requests.RequestException):
                session.get(f"{url}/v1/orders", timeout=10)


if __name__ == "__main__":
    main(*sys.argv[1:])
