"""Forty customers at once: most buy, some cancel, some cards are slow, some goods come late."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

from tests.chaos.conftest import Storm

ORDERS = int(os.environ.get("CHAOS_ORDERS", "40"))
PATIENCE = 150.0 + ORDERS
"""Seconds until all orders are closed after the last blow."""
TIMEOUT = 2 * PATIENCE + 20
TOKENS = ["tok_approve"] * 7 + ["tok_timeout", "tok_slow"]


class Traffic:
    """Places orders in the background as a channel does: it repeats a request until it has an answer."""

    def __init__(self, storm: Storm, number: int = ORDERS) -> None:
        self.storm = storm
        self.shop = storm.shop
        self.bodies = [self._body() for _ in range(number)]
        self.pool = ThreadPoolExecutor(8)
        self.placed: list[str] = []

    def _body(self) -> dict[str, Any]:
        shop, dice = self.shop, self.storm.random
        skus = dice.sample(["TSHIRT-BLUE-M", "MUG-WHITE", "POSTER-A2"], dice.randint(1, 3))
        lines = [shop.line(sku, dice.randint(1, 3), "10.00") for sku in skus]
        return shop.body(*lines, token=dice.choice(TOKENS))

    def start(self) -> None:
        self.futures = [self.pool.submit(self._customer, body, self.storm.random.random()) for body in self.bodies]

    def wait_for(self, number: int) -> None:
        deadline = time.monotonic() + 60
        while len(self.placed) < number:
            assert time.monotonic() < deadline, f"{len(self.placed)} orders placed"
            time.sleep(0.02)

    def finish(self) -> list[str]:
        return [future.result(timeout=180) for future in self.futures]

    def _customer(self, body: dict[str, Any], fate: float) -> str:
        order = self._insist("POST", "/v1/orders", body, body["external_id"])
        self.placed.append(order["id"])
        if fate < 0.2:
            time.sleep(fate * 5)
            self._insist("POST", f"/v1/orders/{order['id']}/cancellations", {"reason": "changed_mind"}, None)
        return str(order["id"])

    def _insist(self, method: str, path: str, body: dict[str, Any], key: str | None) -> dict[str, Any]:
        deadline = time.monotonic() + 90
        headers = {"Idempotency-Key": key} if key else {}
        while True:
            try:
                answer = self.shop.call(method, path, body, **headers)
                if answer.status_code < 500 and answer.json().get("code") != "request_still_running":
                    assert answer.ok or answer.status_code == 409, answer.text
                    return dict(answer.json())
            except requests.RequestException:
                pass
            assert time.monotonic() < deadline, f"no answer to {method} {path}"
            time.sleep(0.2)
