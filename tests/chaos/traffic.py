"""Many customers at once, of every kind. The test's random numbers choose their orders before it begins."""

import os
from concurrent.futures import ThreadPoolExecutor

from tests.chaos.channel import Channel
from tests.chaos.colleagues import work_queues
from tests.chaos.conftest import Storm
from tests.chaos.customers import ALL_CUSTOMERS, TWO_PARCELS, Customer, Goods
from tests.factories.orders import Json
from tests.fixtures.shop import Shop
from tests.fixtures.system import wait_until

STORM = int(os.environ.get("CHAOS_ORDERS", "25"))
"""Orders while every part is killed, again and again; by default every kind of customer, and a few more."""
ORDERS = min(STORM, 40)
"""Orders while one part is killed."""
PATIENCE = 600.0 + 5 * STORM
"""Seconds until all orders are closed after the last failure."""
TIMEOUT = 3 * PATIENCE
FEW = 15
"""Orders in a test whose result does not depend on their number; enough for every kind of customer."""
RACES = int(os.environ.get("RACES", "5"))
"""How often two acts meet in a race."""
MAX_PARALLEL = 12
RUNNING = 10
"""The least number of orders in the middle of their flow when the failure hits."""


class Traffic:
    """Places orders in the background and plays the events of each kind of customer."""

    def __init__(self, storm: Storm, number: int = ORDERS) -> None:
        self.shop, dice = storm.shop, storm.random
        self.goods = Goods()
        self.customers = [ALL_CUSTOMERS[position % len(ALL_CUSTOMERS)] for position in range(number)]
        dice.shuffle(self.customers)
        self.bodies = [customer.order(dice, self.goods) for customer in self.customers]
        self.has_key = [dice.random() < 0.5 for _ in self.bodies]
        self.channel = Channel(self.shop, storm.received)
        self.pool = ThreadPoolExecutor(MAX_PARALLEL)
        self.placed: list[str] = []

    def start(self) -> None:
        self.channel.receive(self.goods.on_call, 5 * len(self.customers))
        orders = zip(self.customers, self.bodies, self.has_key, strict=True)
        self.futures = [self.pool.submit(self._one, *order) for order in orders]

    def _one(self, customer: Customer, body: Json, has_key: bool) -> str:
        order_id = self.channel.place(body, {"Idempotency-Key": body["external_id"]} if has_key else {})
        self.placed.append(order_id)
        customer.then(self.channel, order_id, body)
        return order_id

    def wait_until_running(self, number: int) -> None:
        """Waits until this number of orders is in the middle of the flow: begun by a worker and not ended."""
        query = """SELECT count(*) FROM orders WHERE id = ANY(%s::uuid[])
                   AND id IN (SELECT order_id FROM subject_processes WHERE started_at IS NOT NULL)
                   AND status_category NOT IN ('done', 'canceled')"""
        wait_until(lambda: self.shop.sql(query, self.placed)[0][0] >= number, what=f"{number} orders running")

    def finish(self) -> list[str]:
        """Waits while colleagues work, because some customers wait for their decisions."""

        def look() -> bool:
            work_queues(self.shop)
            return all(future.done() for future in self.futures)

        try:
            wait_until(look, seconds=PATIENCE, what="the end of every customer's acts", pause=0.3)
            return [future.result() for future in self.futures]
        finally:
            self.pool.shutdown(cancel_futures=True)

    def require_everything_happened(self, order_ids: list[str]) -> None:
        """The chaos happened: each kind of customer met its event at least once."""
        query = """SELECT order_id, event FROM order_history WHERE order_id = ANY(%s::uuid[])
                   UNION ALL SELECT order_id, %s FROM shipments GROUP BY order_id HAVING count(*) > 1"""
        seen = {(str(order_id), event) for order_id, event in self.shop.sql(query, order_ids, TWO_PARCELS)}
        kinds = zip(order_ids, self.customers, strict=True)
        met = {customer.sees for order_id, customer in kinds if (order_id, customer.sees) in seen}
        missed = {customer.sees for customer in self.customers} - met - {None}
        assert not missed, f"never happened: {missed}"


def instances_ever(shop: Shop, order_id: str) -> list[Json]:
    number = shop.order(order_id)["number"]
    asked = {"processInstanceBusinessKey": number, "processDefinitionKey": "order-submit"}
    return list(shop.engine("GET", "/history/process-instance", **asked))
