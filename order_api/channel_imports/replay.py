"""Send a file of orders over the API as their channel would. Safe to interrupt and to repeat: every order has its
external id, every receipt its reference. A call whose answer is lost is repeated, within a run under the same
Idempotency-Key, so that an order is told as accepted even if only its second answer arrived."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from order_api.channel_imports import superstore

Json = dict[str, Any]
PAGE = 200
TIMEOUT = 60.0
AGAIN = Retry(total=8, backoff_factor=0.25, allowed_methods=None, status_forcelist=(502, 503, 504))
"""Every call may be repeated (see above); a restart of the API is waited out for half a minute."""


@dataclass
class Report:
    """`refused` counts reasons; `total` is the money of all accepted orders, also of an earlier run."""

    orders: int = 0
    accepted: int = 0
    known: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    total: Decimal = Decimal(0)


class Replay:
    """`url` is the API, `channel_key` places orders, `warehouse_key` receives their stock."""

    def __init__(self, url: str, channel_key: str, warehouse_key: str, clients: int) -> None:
        self.url = url
        self.channel_key = channel_key
        self.warehouse_key = warehouse_key
        self.clients = clients
        self.run = uuid4().hex
        self.session = requests.Session()
        self.session.mount(url, HTTPAdapter(max_retries=AGAIN))

    def receive_stock(self, file: Path, orders: list[Json]) -> Iterator[str]:
        """A receipt per sku, named after the file's content, so that a second run adds nothing."""
        name = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        needed = superstore.units_by_sku(orders)
        with ThreadPoolExecutor(self.clients) as pool:
            yield from pool.map(lambda sku: self._receive(f"replay-{name}-{sku}", sku, needed[sku]), needed)

    def _receive(self, reference: str, sku: str, quantity: int) -> str:
        body = {"reference": reference, "sku": sku, "quantity": quantity}
        self._post("/v1/inventory/receipts", body, self.warehouse_key).raise_for_status()
        return sku

    def place(self, orders: list[Json], report: Report) -> Iterator[str]:
        """Yields each external id when its order is answered, and counts it."""
        with ThreadPoolExecutor(self.clients) as pool:
            for order, answer in zip(orders, pool.map(self._place, orders), strict=True):
                self._count(order, answer, report)
                yield order["external_id"]

    def _place(self, order: Json) -> requests.Response:
        key = f"{self.run}-{order['external_id']}"
        return self._post("/v1/orders", order, self.channel_key, {"Idempotency-Key": key})

    def _count(self, order: Json, answer: requests.Response, report: Report) -> None:
        report.orders += 1
        if answer.status_code == 201:
            report.accepted += 1
        elif answer.json().get("code") == "order_already_placed":
            report.known += 1
        else:
            report.refused[f"{answer.json().get('code')}: {answer.json().get('detail')}"] += 1
            return
        report.total += superstore.grand_total(order)

    def statuses(self, external_ids: set[str]) -> Counter[str]:
        """How many of these orders have which status, read page by page."""
        found: Counter[str] = Counter()
        cursor: str | None = ""
        while cursor is not None:
            parameters = {"limit": str(PAGE), "channel": "web"} | ({"cursor": cursor} if cursor else {})
            headers = self._headers(self.channel_key)
            answer = self.session.get(f"{self.url}/v1/orders", params=parameters, headers=headers, timeout=TIMEOUT)
            answer.raise_for_status()
            page = answer.json()
            found.update(o["status"] for o in page["orders"] if o["external_id"] in external_ids)
            cursor = page["next_cursor"]
        return found

    def _post(self, path: str, body: Json, key: str, more: Mapping[str, str] = {}) -> requests.Response:
        headers = {**self._headers(key), **more}
        return self.session.post(f"{self.url}{path}", json=body, headers=headers, timeout=TIMEOUT)

    def _headers(self, key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {key}"}
