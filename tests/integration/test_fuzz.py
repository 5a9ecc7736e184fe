"""Right, wrong and hostile requests at once, over real HTTP. `make fuzz SECONDS=3600` goes on for an hour.

The seed makes the same requests again, apart from how threads and processes meet.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from order_api.cli.audit import at_gateways, in_database
from order_api.core.database import transaction
from order_api.orders.models import Order
from order_api.words import Role
from tests.factories.companies import PASSWORD, create_company
from tests.fixtures.system import System
from tests.fuzz.by_schema import rounds
from tests.fuzz.caller import Caller
from tests.fuzz.credentials import send_odd_credential, send_odd_query
from tests.fuzz.mutations import send_changed_order
from tests.fuzz.races import race, same_at_once
from tests.fuzz.tally import Tally
from tests.fuzz.whole_life import Callers, WholeLife
from tests.fuzz.wire import send_odd_bytes

SECONDS = float(os.environ.get("FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("RANDOM_SEED", "20261201"))
THREADS = 2
SHARE_OF_2XX = 0.3
HOSTILE: list[Callable[[Callers, Random], None]] = [
    send_changed_order,
    send_changed_order,
    send_odd_query,
    send_odd_credential,
    send_odd_bytes,
    race,
    same_at_once,
]


@pytest.fixture
def system(system_env: dict[str, str], migrated: None, tmp_path: Path) -> Iterator[System]:
    system = System(system_env, tmp_path, ("--workers", "2", "--threads", "4"))
    system.start("api")
    yield system
    system.stop_all()


@pytest.fixture
def callers(app: Flask, system: System) -> Callers:
    company, tally = create_company(), Tally(SEED)

    def caller(credential: str | None) -> Caller:
        return Caller(app, company, credential, system.url, tally)

    def of(role: Role) -> Caller:
        sent = {"username": company.staff[role], "password": PASSWORD}
        return caller(caller(None).post("/v1/tokens", sent).get_json()["access_token"])

    admin, supervisor = of(Role.ORDER_ADMIN), of(Role.CSR_ADMIN)
    return Callers(caller(company.channel_key), caller(company.warehouse_key), admin, supervisor, caller(None))


def test_every_request_is_answered_and_only_what_was_taken_is_stored(callers: Callers, system: System) -> None:
    tally, since, ends = callers.channel.tally, datetime.now(UTC), time.monotonic() + SECONDS
    print(f"RANDOM_SEED={SEED}")
    with ThreadPoolExecutor(THREADS) as pool:
        others = [pool.submit(_go_on, callers, Random(f"{SEED} {n}"), ends) for n in range(THREADS)]
        by_schema = rounds(callers, SEED)
        while time.monotonic() < ends:
            next(by_schema)
        for other in others:
            other.result()
    print(tally)

    assert tally.failures[:5] == []
    assert tally.stored_although_refused_and_lost() == (set(), set())
    assert tally.share_of_2xx >= SHARE_OF_2XX
    tried = [f"{method} {rule}" for method, rule in callers.channel.operations if rule.startswith("/v1/")]
    assert {each: tally.times_2xx(each) for each in tried if tally.times_2xx(each) < SECONDS // 60} == {}
    own = _numbers(callers)
    assert [found for found in (*in_database(since), *at_gateways(since)) if found.number in own] == []
    assert system.running["api"].poll() is None


def _go_on(callers: Callers, dice: Random, ends: float) -> None:
    """Sends right requests whenever their share gets low."""
    life = WholeLife(callers, dice)
    while time.monotonic() < ends:
        if callers.channel.tally.share_of_2xx < 1.5 * SHARE_OF_2XX:
            life.live()
        else:
            dice.choice(HOSTILE)(callers, dice)


def _numbers(callers: Callers) -> set[str]:
    with transaction() as session:
        return set(session.scalars(select(Order.number).where(Order.collection_id == callers.channel.company.id)))
