"""Answers that get lost, calls that come twice, a relay that dies while the engine is inside a start."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.conftest import Storm
from tests.chaos.traffic import PATIENCE, TIMEOUT, Traffic
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

FEW = 12


@pytest.mark.timeout(TIMEOUT)
@pytest.mark.parametrize("call", ["/start", "/message", "/complete", "/fetchAndLock"])
def test_lost_answers_of_the_engine_do_no_harm(storm: Storm, call: str) -> None:
    storm.line.lose, storm.line.lost = Counter({call: FEW // 2}), Counter()
    traffic = Traffic(storm, FEW)

    traffic.start()
    order_ids = traffic.finish()

    wait_until_settled(storm.shop, order_ids, PATIENCE)
    storm.line.lose = Counter()
    assert storm.line.lost[call] > 0
    audit(storm.shop, order_ids, storm.received, mail_may_repeat=False)


@pytest.mark.timeout(TIMEOUT)
def test_lost_answers_to_a_business_error_do_no_harm(storm: Storm) -> None:
    shop = storm.shop
    storm.line.lose, storm.line.lost = Counter({"/bpmnError": 3}), Counter()
    sku = shop.new_sku()
    order_ids = [shop.place(shop.line(sku, 2))["id"] for _ in range(FEW)]
    for order_id in order_ids:
        shop.wait_for_item_status(order_id, "backordered")

    shop.receive(sku, 2 * FEW)

    wait_until_settled(shop, order_ids, PATIENCE)
    storm.received[sku] = 2 * FEW
    assert storm.line.lost["/bpmnError"] == 3
    audit(shop, order_ids, storm.received, mail_may_repeat=False)


@pytest.mark.timeout(TIMEOUT)
def test_everything_doubled_happens_once(storm: Storm) -> None:
    """Two of each process, and every start, message and complete is said twice to the engine."""
    shop = storm.shop
    storm.line.double = Counter({"/start": 10**6, "/message": 10**6, "/complete": 10**6})
    twins = [start_another(shop, name) for name in ("workers", "relay", "warehouse")]
    try:
        traffic = Traffic(storm, FEW)
        traffic.start()
        order_ids = traffic.finish()
        wait_until_settled(shop, order_ids, PATIENCE)
    finally:
        storm.line.double = Counter()
        for twin in twins:
            shop.system.kill(twin)

    audit(shop, order_ids, storm.received, mail_may_repeat=False)
    assert any(len(instances_ever(shop, order_id)) > 1 for order_id in order_ids), "twins were started, and deleted"


def start_another(shop: Shop, name: str) -> str:
    twin = f"{name}-twin"
    shop.system.MODULES[twin] = shop.system.MODULES[name]
    shop.system.start(twin)
    return twin


@pytest.mark.timeout(TIMEOUT)
def test_a_relay_killed_while_the_engine_is_inside_the_start_leaves_one_process(storm: Storm) -> None:
    shop, system = storm.shop, storm.shop.system
    with psycopg.connect(storm.postgres.url("engine", "postgres", storm.postgres.password, "postgresql")) as engine_db:
        engine_db.execute("LOCK TABLE act_ru_execution IN SHARE MODE")
        order = shop.place()
        wait_until(lambda: blocked_starts(engine_db) == 1, what="the start inside the engine")
        system.kill("relay")
        shop.sql("UPDATE outbox SET claimed_until = now() WHERE order_id = %s", order["id"])
        system.start("relay")
        wait_until(lambda: starting(shop, order) == [(2,)], what="a second relay in the same start")
        wait_until(lambda: blocked_starts(engine_db) == 2, what="two starts inside the engine")
        engine_db.rollback()

    wait_until_settled(shop, [order["id"]], PATIENCE)
    audit(shop, [order["id"]], storm.received, mail_may_repeat=False)
    assert len(instances_ever(shop, order["id"])) == 2, "a twin was started, and deleted"


def blocked_starts(engine_db: psycopg.Connection) -> int:
    """How many of the engine's transactions wait for the table that a start writes to."""
    query = "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE NOT l.granted AND relname = %s"
    return int(engine_db.execute(query, ["act_ru_execution"]).fetchall()[0][0])


def instances_ever(shop: Shop, order_id: str) -> list[Json]:
    asked = {"processInstanceBusinessKey": order_id, "processDefinitionKey": "order-submit"}
    return list(shop.engine("GET", "/history/process-instance", **asked))


def starting(shop: Shop, order: Json) -> list[tuple[Any, ...]]:
    query = "SELECT attempts FROM outbox WHERE order_id = %s AND kind = 'start' AND claimed_until > now()"
    return shop.sql(query, order["id"])


@pytest.mark.timeout(TIMEOUT)
def test_a_receipt_that_meets_the_time_out_goes_to_one_of_both(storm: Storm) -> None:
    shop = storm.shop
    skus = [shop.new_sku() for _ in range(FEW)]
    orders = [shop.place(shop.line(sku, 2)) for sku in skus]
    for order in orders:
        shop.wait_for_activity(order["id"], "wait_for_stock")

    with ThreadPoolExecutor(2) as pool:
        for sku, order in zip(skus, orders, strict=True):
            pool.submit(shop.receive, sku, 2)
            pool.submit(fire, shop, order)

    order_ids = [order["id"] for order in orders]
    wait_until_settled(shop, order_ids, PATIENCE)
    storm.received.update(dict.fromkeys(skus, 2))
    audit(shop, order_ids, storm.received, mail_may_repeat=False)


def fire(shop: Shop, order: Json) -> None:
    """The timer may be gone: then the receipt was first."""
    try:
        shop.fire_timer(order["id"], "event_backorder_time_over", seconds=2)
    except AssertionError:
        return


@pytest.mark.timeout(TIMEOUT)
def test_a_cancel_that_meets_a_shipment_lets_one_of_both_happen(storm: Storm) -> None:
    shop = storm.shop
    shop.system.kill("warehouse")
    orders = [shop.place(shop.line(quantity=2)) for _ in range(FEW)]
    for order in orders:
        shop.wait_for_activity(order["id"], "wait_for_shipment")

    with ThreadPoolExecutor(2) as pool:
        answers = [(pool.submit(shop.cancel, order["id"]), pool.submit(try_to_ship, shop, order)) for order in orders]
    for order in orders:
        deliver_all(shop, order)
    shop.system.start("warehouse")

    outcomes = [(cancel.result().status_code, ship.result()) for cancel, ship in answers]
    order_ids = [order["id"] for order in orders]
    wait_until_settled(shop, order_ids, PATIENCE)
    assert set(outcomes) <= {(202, 409), (409, 201)}, outcomes
    audit(shop, order_ids, storm.received, mail_may_repeat=False)


def deliver_all(shop: Shop, order: Json) -> None:
    for shipment in shop.order(order["id"])["shipments"]:
        shop.deliver(shipment)


def try_to_ship(shop: Shop, order: Json) -> int:
    line = {"item_id": order["items"][0]["id"], "quantity": 2}
    body = {"carrier": "dhl", "tracking_number": order["id"], "lines": [line]}
    return shop.call("POST", f"/v1/orders/{order['id']}/shipments", body, "osk_test_warehouse").status_code
