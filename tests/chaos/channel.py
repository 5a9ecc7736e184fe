"""A channel and a warehouse during chaos: they repeat each call to our API until it is answered."""

import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

import requests
from sqlalchemy.exc import DBAPIError

from tests.factories.orders import Json
from tests.fixtures.shop import Shop
from tests.fixtures.system import API_KEY, WAREHOUSE_KEY, wait_until

PATIENCE = 600.0
"""Seconds for the answer to one call, or for one event, while a storm goes on."""
REPEAT = ("request_still_running", "payment_in_progress")
"""Refusals that ask the caller to repeat the call in a moment."""
CALLS_OF_OURS = (
    "/orders",
    "/cancellations",
    "/refunds",
    "/payments",
    "/shipments",
    "/deliveries",
    "/unable-to-ship",
    "/receipts",
    "/returns",
    "/verdicts",
    "/scans",
)
"""The endings of the addresses that are called during chaos."""


class Channel:
    """`received` lists the sku and the units of each receipt."""

    def __init__(self, shop: Shop, received: list[tuple[str, int]]) -> None:
        self.shop = shop
        self.received = received

    def place(self, body: Json, headers: dict[str, str]) -> str:
        """Returns the order's id, even if only the answer to a second try arrived."""
        said = self.insist("/v1/orders", body, **headers)
        if said.get("code") == "order_already_placed":
            return str(said["location"]).rpartition("/")[2]
        return str(said["id"])

    def post_as_warehouse(self, path: str, body: Json) -> Json:
        return self.insist(path, body, WAREHOUSE_KEY)

    def receive(self, sku: str, quantity: int) -> None:
        self.post_as_warehouse(
            "/v1/inventory/receipts", {"reference": f"R-{uuid4()}", "sku": sku, "quantity": quantity}
        )
        self.received.append((sku, quantity))

    def insist(self, path: str, body: Json, key: str = API_KEY, **headers: str) -> Json:
        """A refusal by a rule counts as an answer."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(requests.RequestException):
                answer = self.shop.call("POST", path, body, key, **headers)
                said = dict(answer.json())
                if answer.status_code < 500 and said.get("code") not in REPEAT:
                    assert answer.ok or answer.status_code == 409, answer.text
                    return said
            time.sleep(0.2)
        raise AssertionError(f"no answer to POST {path}")

    def wait_for(self, order_id: str, event: str) -> list[str]:
        """The items with this event, read directly from the database."""
        query = "SELECT item_id FROM order_history WHERE order_id = %s AND event = %s ORDER BY sequence"
        return self._wait_for_rows(f"{event} of {order_id}", query, order_id, event)

    def line_id_of(self, item_id: str) -> str:
        return self._wait_for_rows(f"line_id of {item_id}", "SELECT line_id FROM order_items WHERE id = %s", item_id)[0]

    def _wait_for_rows(self, what: str, query: str, *values: str) -> list[str]:
        def look() -> list[tuple[Any, ...]]:
            with suppress(DBAPIError):
                return self.shop.sql(query, *values)
            return []

        return [str(found) for (found,) in wait_until(look, seconds=PATIENCE, what=what, pause=0.3)]
