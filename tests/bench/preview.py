"""(f) The preview of canceling one unit of each line of an order of 200 lines, against reading the same order."""

import time
from collections.abc import Callable
from statistics import median, quantiles

import requests

from tests.bench.stage import Stage

LINES = 200


def measure(stage: Stage, calls: int) -> tuple[str, str, str, str, str]:
    """Row of p50 and p99 of the preview, p50 of the order document, and the ratio. The calls take turns."""
    shop = stage.shop
    stage.shop.system.start("api")
    shop.receive("MUG-WHITE", 2 * LINES)
    order = shop.place(*(shop.line("MUG-WHITE", 2) for _ in range(LINES)))
    path = f"/v1/orders/{order['id']}"
    items = [{"line_id": item["line_id"], "quantity": 1} for item in order["items"]]
    previews, documents = [], []
    for _ in range(calls):
        previews.append(in_ms(lambda: shop.call("POST", f"{path}/cancellations/preview", {"items": items})))
        documents.append(in_ms(lambda: shop.call("GET", path)))
    stage.shop.system.kill("api")
    cuts, reference = quantiles(previews, n=100, method="inclusive"), median(documents)
    ratio = f"{cuts[49] / reference:.2f}"
    return f"{LINES} lines", f"{cuts[49]:.0f} ms", f"{cuts[98]:.0f} ms", f"{reference:.0f} ms", ratio


def in_ms(call: Callable[[], requests.Response]) -> float:
    began = time.perf_counter()
    answer = call()
    took = time.perf_counter() - began
    assert answer.ok, answer.text
    return 1000 * took
