"""(c) and (d): whole orders of one item, from placing to completion with zero delays, against a bare script that plays
the workers of the same models."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles
from typing import Any
from uuid import uuid4

from tests.bench.bare import ANSWERS, BareWorker
from tests.bench.stage import Stage
from tests.fixtures.system import wait_until

PATIENCE = 600
TASKS = len(ANSWERS) + 1
"""Tasks of one order: every topic once, and notify-customer a second time."""
OURS = ("workers", "relay", "warehouse")
DURATIONS = ("review", "payment", "backorder", "shipment", "delivery")


def latency(stage: Stage, orders: int) -> tuple[str, str]:
    """p50 and p99 of placed → completed, one order every half second."""
    stage.shop.system.start(*OURS)
    placed = []
    for _ in range(orders):
        placed.append(stage.shop.place()["id"])
        time.sleep(0.5)
    wait_until(lambda: _completed(stage, placed) == orders, seconds=PATIENCE, what="all orders completed")
    seconds = stage.shop.sql(
        """SELECT extract(epoch FROM h.at - o.placed_at) FROM orders o JOIN order_history h ON h.order_id = o.id
           WHERE h.after = 'completed' AND o.id = ANY(%s::uuid[])""",
        placed,
    )
    for name in OURS:
        stage.shop.system.stop(name)
    cuts = quantiles((float(row[0]) for row in seconds), n=100, method="inclusive")
    return f"{cuts[49]:.1f} s", f"{cuts[98]:.1f} s"


@dataclass(frozen=True)
class Rate:
    """Completed orders a second when all are placed at once, and CPU ms per order by process."""

    per_second: float
    cpu: dict[str, float]


def in_turns(stage: Stage, orders: int) -> tuple[Rate, Rate]:
    """Ours and the bare script, twice each and in turns, because an engine gets faster the longer it runs."""
    rates: dict[str, list[Rate]] = {"ours": [], "bare": []}
    for who in ("ours", "bare", "bare", "ours"):
        rates[who].append(throughput(stage, orders) if who == "ours" else bare_throughput(stage, orders))
    return _mean(rates["ours"]), _mean(rates["bare"])


def _mean(rates: list[Rate]) -> Rate:
    cpu = {name: sum(rate.cpu[name] for rate in rates) / len(rates) for name in rates[0].cpu}
    return Rate(len(rates) / sum(1 / rate.per_second for rate in rates), cpu)


def throughput(stage: Stage, orders: int) -> Rate:
    """Ours, with restarted programs that first warm up with some orders."""
    stage.shop.system.start(*OURS)
    _carry_out(stage, 10)
    rate = _measured(stage, orders, lambda: _carry_out(stage, orders))
    for name in OURS:
        stage.shop.system.stop(name)
    return rate


def _carry_out(stage: Stage, orders: int) -> None:
    with ThreadPoolExecutor(4) as pool:
        placed = [order["id"] for order in pool.map(lambda _: stage.shop.place(), range(orders))]
    wait_until(lambda: _completed(stage, placed) == orders, seconds=PATIENCE, what="all orders completed")


def bare_throughput(stage: Stage, orders: int) -> Rate:
    """The same models on the same engine, driven by a script that only answers."""
    worker = BareWorker(stage, list(ANSWERS), 8, after=lambda task: _say_what_happened(worker, task))

    def drive() -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: _start(worker), range(orders)))
        worker.run(lambda: _ended(worker, orders))

    return _measured(stage, orders, drive)


def _measured(stage: Stage, orders: int, run: Callable[[], None]) -> Rate:
    """`load` is this process: it places our orders, and it is the whole bare script."""
    before, began = stage.cpu_seconds(), time.monotonic()
    run()
    seconds, after = time.monotonic() - began, stage.cpu_seconds()
    return Rate(orders / seconds, {name: 1000 * (after[name] - before[name]) / orders for name in before})


def _completed(stage: Stage, placed: list[str]) -> int:
    time.sleep(0.2)
    query = "SELECT count(*) FROM orders WHERE status = 'completed' AND id = ANY(%s::uuid[])"
    return int(stage.shop.sql(query, placed)[0][0])


def _start(worker: BareWorker) -> None:
    order_id, items = str(uuid4()), [{"item_id": str(uuid4()), "sku": "MUG-WHITE", "fulfillment_type": "ship_to_home"}]
    texts = {"order_id": order_id, "order_number": order_id[:14], "channel": "web", "collection": "bare"}
    texts |= {"total": "10.00", "currency": "USD", "order_url": "http://127.0.0.1/", "edit_window": "PT0S"}
    texts |= {f"{name}_time_limit": "P1D" for name in DURATIONS}
    variables: dict[str, Any] = {name: {"value": value} for name, value in texts.items()}
    variables["items"] = {"type": "Json", "value": json.dumps(items)}
    worker.post("/process-definition/key/order-submit/start", {"businessKey": order_id, "variables": variables})


def _say_what_happened(worker: BareWorker, task: dict[str, Any]) -> None:
    """The parcel leaves as soon as the flow requests it, and arrives as soon as it has left."""
    number = {"businessKey": task["businessKey"]}
    if task["topicName"] == "send-to-fulfillment":
        parcel = {"shipment_id": {"value": str(uuid4())}}
        worker.post("/message", {**number, "messageName": "parcel-left", "processVariablesToTriggeredScope": parcel})
    messages = {"send-to-fulfillment": "item-shipped", "confirm-shipment": "item-delivered"}
    if name := messages.get(task["topicName"]):
        keys = {"item_id": {"value": task["variables"]["item_id"]["value"], "type": "String"}}
        worker.post("/message", {**number, "messageName": name, "correlationKeys": keys})


def _ended(worker: BareWorker, orders: int) -> bool:
    return worker.done >= TASKS * orders
