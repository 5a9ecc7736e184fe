"""Forty customers at once: most buy, some cancel; cards are slow or decline at first, dear orders are looked at."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import uuid4

import requests

from tests.chaos.conftest import Storm
from tests.factories.orders import Json, address, charge, discount, line, order_body, tax

ORDERS = int(os.environ.get("CHAOS_ORDERS", "40"))
PATIENCE = 150.0 + ORDERS
"""Seconds until all orders are closed after the last blow."""
TIMEOUT = 2 * PATIENCE + 20
TOKENS = ["tok_approve"] * 6 + ["tok_timeout", "tok_slow", "tok_decline_once", "tok_decline_capture_once"]
DEAR = 0.1
"""So many orders are dear and go abroad: a supervisor reviews them."""


class Traffic:
    """Places orders in the background as a channel does: it repeats a request until it has an answer."""

    def __init__(self, storm: Storm, number: int = ORDERS) -> None:
        self.storm = storm
        self.shop = storm.shop
        self.bodies = [self._body() for _ in range(number)]
        self.pool = ThreadPoolExecutor(8)
        self.placed: list[str] = []

    def _body(self) -> Json:
        dice = self.storm.random
        skus = dice.sample(["TSHIRT-BLUE-M", "MUG-WHITE", "POSTER-A2"], dice.randint(1, 3))
        is_dear = dice.random() < DEAR
        lines = [_line(sku, position, dice.randint(1, 3), 100 if is_dear else 1) for position, sku in enumerate(skus)]
        body = order_body(*lines, charges=[charge("4.90")], billing_address=address(country="CA" if is_dear else "US"))
        body["customer"] = {"type": "guest", "name": "Ada", "email": f"{uuid4().hex}@example.com"}
        body["tenders"][0]["token"] = f"{dice.choice(TOKENS)}:{uuid4()}"
        return body

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


def _line(sku: str, position: int, quantity: int, dear: int) -> Json:
    """Each unit costs 10.00, less 1.00, and 8 % tax: 9.72, so that the value of any number of units is exact."""
    taxes = tax(f"{Decimal('0.72') * quantity * dear:f}")
    discounts = [discount(f"{Decimal('1.00') * quantity * dear:f}")]
    return line(f"{10 * dear}.00", quantity, taxes, id=str(position + 1), sku=sku, discounts=discounts)
