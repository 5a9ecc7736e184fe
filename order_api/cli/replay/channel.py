"""Sends a file of orders over the API as their channel would. Safe to interrupt and to repeat: every order has its
external id, every receipt its reference. A call that gets no answer is repeated. Within a run, an order keeps its
Idempotency-Key, so it counts as accepted even if only the second answer arrives."""

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

from order_api.cli.replay import superstore
from order_api.core.errors import ServiceError

Json = dict[str, Any]
PAGE = 200
TIMEOUT = 60.0
RETRIES = Retry(total=8, backoff_factor=0.25, allowed_methods=None, status_forcelist=(502, 503, 504))
"""Every call may be repeated (see above). Waits about a minute for a restart of the API."""
NO_ORDER_WOULD_PASS = (401, 403, 500)


class ReplayStopped(ServiceError):
    """Further calls would fail too: no answer, a key without the permission, or a refused receipt."""


@dataclass
class Report:
    """`refused` counts reasons; `total` is the money of all accepted orders, including those of an earlier run."""

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
        self.session.mount(url, HTTPAdapter(max_retries=RETRIES))

    def receive_stock(self, file: Path, orders: list[Json]) -> Iterator[str]:
        """Sends one receipt per sku, with a reference made from the file's content. `orders` are always all orders of
        the file, even if only some are placed, so a later run adds no stock."""
        name = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        needed = superstore.units_by_sku(orders)
        with ThreadPoolExecutor(self.clients) as pool:
            yield from pool.map(lambda sku: self._receive(f"replay-{name}-{sku}", sku, needed[sku]), needed)

    def _receive(self, reference: str, sku: str, quantity: int) -> str:
        body = {"reference": reference, "sku": sku, "quantity": quantity}
        _require(self._call("POST", "/v1/inventory/receipts", self.warehouse_key, json=body))
        return sku

    def place(self, orders: list[Json], report: Report) -> Iterator[str]:
        """Yields the external id of each order once it is answered, and counts it in `report`."""
        with ThreadPoolExecutor(self.clients) as pool:
            for order, answer in zip(orders, pool.map(self._place, orders), strict=True):
                self._count(order, answer, report)
                yield order["external_id"]

    def _place(self, order: Json) -> requests.Response:
        headers = {"Idempotency-Key": f"{self.run}-{order['external_id']}"}
        answer = self._call("POST", "/v1/orders", self.channel_key, headers, json=order)
        if answer.status_code in NO_ORDER_WOULD_PASS:
            _require(answer)
        return answer

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
        """Counts these orders by status, reading page by page."""
        found: Counter[str] = Counter()
        cursor: str | None = ""
        while cursor is not None:
            parameters = {"limit": str(PAGE), "channel": "web"} | ({"cursor": cursor} if cursor else {})
            page = _require(self._call("GET", "/v1/orders", self.channel_key, params=parameters))
            found.update(o["status"] for o in page["orders"] if o["external_id"] in external_ids)
            cursor = page["next_cursor"]
        return found

    def _call(
        self, method: str, path: str, key: str, headers: Mapping[str, str] = {}, **content: Any
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {key}", **headers}
        try:
            answer = self.session.request(method, f"{self.url}{path}", headers=headers, timeout=TIMEOUT, **content)
            answer.json()
        except requests.RequestException as error:
            raise ReplayStopped(
                f"{self.url} does not answer like the API ({type(error).__name__}): start the API or name "
                "another address with --url, then run the same command again."
            ) from None
        return answer


def _require(answer: requests.Response) -> Json:
    body: Json = answer.json()
    if not answer.ok:
        raise ReplayStopped(
            f"{answer.request.method} {answer.request.path_url} was answered with {answer.status_code} "
            f"{body.get('code')} ({body.get('detail')}): fix that, then run the same command again."
        )
    return body
