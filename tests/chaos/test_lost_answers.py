"""Lost answers of the engine and of our API, and a relay that dies while the engine starts a process."""

from collections import Counter
from typing import Any

import psycopg
import pytest

from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.channel import CALLS_OF_OURS, Channel
from tests.chaos.conftest import Storm
from tests.chaos.traffic import FEW, PATIENCE, TIMEOUT, Traffic, instances_ever
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until


@pytest.mark.timeout(TIMEOUT)
@pytest.mark.parametrize("call", ["/start", "/message", "/complete", "/fetchAndLock"])
def test_lost_answers_of_the_engine_do_no_harm(storm: Storm, call: str) -> None:
    line = storm.on.line
    line.lose = Counter({call: FEW // 2})
    traffic = Traffic(storm, FEW)

    traffic.start()
    order_ids = traffic.finish()

    wait_until_settled(storm.shop, order_ids, PATIENCE)
    assert line.lost[call] > 0
    audit(storm, order_ids)


@pytest.mark.timeout(TIMEOUT)
def test_lost_answers_of_our_own_api_do_no_harm(storm: Storm) -> None:
    """Half of the customers send no Idempotency-Key."""
    line = storm.on.api_line
    line.lose = Counter(dict.fromkeys(CALLS_OF_OURS, 2))
    traffic = Traffic(storm, FEW)

    traffic.start()
    order_ids = traffic.finish()

    wait_until_settled(storm.shop, order_ids, PATIENCE)
    assert {call for call in CALLS_OF_OURS if not line.lost[call]} == set()
    audit(storm, order_ids)


@pytest.mark.timeout(TIMEOUT)
def test_lost_answers_to_a_business_error_do_no_harm(storm: Storm) -> None:
    shop, line = storm.shop, storm.on.line
    line.lose = Counter({"/bpmnError": 3})
    sku = shop.new_sku()
    order_ids = [shop.place(shop.line(sku, 2))["id"] for _ in range(FEW)]
    for order_id in order_ids:
        shop.wait_for_item_status(order_id, "backordered")

    Channel(shop, storm.received).receive(sku, 2 * FEW)

    wait_until_settled(shop, order_ids, PATIENCE)
    assert line.lost["/bpmnError"] == 3
    audit(storm, order_ids)


@pytest.mark.timeout(TIMEOUT)
def test_a_relay_killed_while_the_engine_is_inside_the_start_leaves_one_process(storm: Storm) -> None:
    shop, system, postgres = storm.shop, storm.shop.system, storm.on.postgres
    with psycopg.connect(postgres.url("engine", "postgres", postgres.password, "postgresql")) as engine_db:
        engine_db.execute("LOCK TABLE act_ru_execution IN SHARE MODE")
        order = shop.place()
        wait_until(lambda: blocked_starts(engine_db) == 1, what="the start inside the engine")
        system.kill("relay")
        shop.sql("UPDATE outbox SET claimed_until = now() WHERE business_key = %s", order["number"])
        system.start("relay")
        wait_until(lambda: starting(shop, order) == [(2,)], what="a second relay in the same start")
        wait_until(lambda: blocked_starts(engine_db) == 2, what="two starts inside the engine")
        engine_db.rollback()

    wait_until_settled(shop, [order["id"]], PATIENCE)
    audit(storm, [order["id"]])
    assert len(instances_ever(shop, order["id"])) == 2, "expected a second process, started and deleted"


def blocked_starts(engine_db: psycopg.Connection) -> int:
    """The number of engine transactions that wait for the table that a start writes to."""
    query = "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE NOT l.granted AND relname = %s"
    return int(engine_db.execute(query, ["act_ru_execution"]).fetchall()[0][0])


def starting(shop: Shop, order: Json) -> list[tuple[Any, ...]]:
    query = "SELECT attempts FROM outbox WHERE business_key = %s AND kind = 'start' AND claimed_until > now()"
    return shop.sql(query, order["number"])
