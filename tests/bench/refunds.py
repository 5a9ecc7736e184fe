"""(g) Previews of large refunds, with and without asking the approval table, against reading the same order.

(h) Refunds a second, from asking for them to the money that has gone, against whole orders a second.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from uuid import uuid4

from tests.bench.orders import OURS, PATIENCE
from tests.bench.preview import LINES, in_ms
from tests.bench.stage import Stage
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

UNITS = 100_000
NOWHERE = "http://127.0.0.1:9/engine-rest"


def previews(stage: Stage, calls: int) -> list[tuple[str, ...]]:
    """Rows of the medians: with the table, without an engine, the order document, and the ratio without."""
    system, shop = stage.shop.system, stage.shop
    system.start("api", *OURS)
    shop.receive("MUG-WHITE", 2 * LINES + UNITS)
    lines = _completed(shop, *(shop.line("MUG-WHITE", 2) for _ in range(LINES)))
    bulk = _completed(shop, shop.line("MUG-WHITE", UNITS, "0.10"))
    broken = [{"line_id": item["line_id"], "quantity": 1, "goods": "broken"} for item in lines["items"]]
    off = [{"line_id": bulk["items"][0]["line_id"], "percent": "10"}]
    cases: list[tuple[str, Json, Json]] = [
        (f"one unit of each of {LINES} lines", lines, {"items": broken}),
        (f"one unit of one of {LINES} lines", lines, {"items": broken[:1]}),
        (f"10 % off {UNITS:,} units", bulk, {"price_reductions": off}),
    ]
    asked = [_medians(shop, order, body, calls) for _, order, body in cases]
    engine = system.env["ENGINE_URL"]
    system.kill("api")
    system.env["ENGINE_URL"] = NOWHERE
    system.start("api")
    alone = [_medians(shop, order, body, calls) for _, order, body in cases]
    system.env["ENGINE_URL"] = engine
    for program in ("api", *OURS):
        system.kill(program)
    return [_row(name, *medians) for (name, _, _), *medians in zip(cases, asked, alone, strict=True)]


def _completed(shop: Shop, *lines: Json) -> Json:
    """A guest's large order would wait for a review."""
    order = shop.place(*lines, customer={"type": "registered", "id": str(uuid4())})
    wait_until(lambda: shop.order(order["id"])["status"] == "completed", seconds=PATIENCE, what="the large order")
    return order


def _row(name: str, asked: tuple[float, float], alone: tuple[float, float]) -> tuple[str, ...]:
    ratio = f"{alone[0] / alone[1]:.2f}"
    return name, f"{asked[0]:.0f} ms", f"{alone[0]:.0f} ms", f"{alone[1]:.0f} ms", ratio


def _medians(shop: Shop, order: Json, body: Json, calls: int) -> tuple[float, float]:
    """Of the preview and of the order document, in turns."""
    path = f"/v1/orders/{order['id']}"
    previewed, read = [], []
    for _ in range(calls):
        previewed.append(in_ms(lambda: shop.call("POST", f"{path}/refunds/preview", body)))
        read.append(in_ms(lambda: shop.call("GET", path)))
    return median(previewed), median(read)


def rate(stage: Stage, orders: int) -> float:
    """Refunds a second."""
    return rate_of(stage, orders, _refund, "refunds", "paid")


def rate_of(stage: Stage, orders: int, act: Callable[[Shop, str], None], table: str, state: str) -> float:
    """Acts a second, each until its row of `table` has the state. The programs run, and the orders are placed and
    completed before."""
    shop = stage.shop
    shop.system.start(*OURS)
    with ThreadPoolExecutor(4) as pool:
        placed = [order["id"] for order in pool.map(lambda _: shop.place(), range(orders))]
    wait_until(lambda: _count(shop, "orders", "id", "completed", placed) == orders, seconds=PATIENCE, what="the orders")
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda order_id: act(shop, order_id), placed))
    wait_until(lambda: _count(shop, table, "order_id", state, placed) == orders, seconds=PATIENCE, what=table)
    seconds = time.monotonic() - began
    for program in OURS:
        shop.system.stop(program)
    return orders / seconds


def _refund(shop: Shop, order_id: str) -> None:
    body = {"items": [{"line_id": "1", "quantity": 1, "goods": "broken"}], "reason": "arrived_broken"}
    answer = shop.call("POST", f"/v1/orders/{order_id}/refunds", body, **{"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text


def _count(shop: Shop, table: str, column: str, state: str, order_ids: list[str]) -> int:
    time.sleep(0.2)
    name = "status" if table == "orders" else "state"
    query = f"SELECT count(*) FROM {table} WHERE {name} = %s AND {column} = ANY(%s::uuid[])"
    return int(shop.sql(query, state, order_ids)[0][0])
