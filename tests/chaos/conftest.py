"""A separate system for chaos: tests kill its database and engine, so other tests must not share them."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from deploy.local.credentials import new_secret
from deploy.local.engine import LocalEngine
from deploy.local.engine_build import built_engine
from deploy.local.ports import free_port
from deploy.local.postgres import FAST_AND_FORGETFUL, EmbeddedPostgres
from tests.bank.system import BANK, SystemWithBank
from tests.chaos.colleagues import SHIPS_ON_CALL
from tests.fixtures.proxy import Line, line_to
from tests.fixtures.shop import Shop
from tests.fixtures.system import environment, mail_catcher

SEED = int(os.environ.get("CHAOS_SEED", random.SystemRandom().randrange(10**6)))


@dataclass
class Hurtable:
    """The parts that tests can break. `line` is between our processes and the engine, `api_line` before our API."""

    shop: Shop
    postgres: EmbeddedPostgres
    engine: LocalEngine
    line: Line
    api_line: Line


@dataclass
class Storm:
    """One test's view of the system: the earlier state, the units it received, and its own random numbers."""

    on: Hurtable
    random: random.Random
    received: list[tuple[str, int]] = field(default_factory=list)
    before: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.before = self.stock_and_shipped()

    @property
    def shop(self) -> Shop:
        return self.on.shop

    def stock_and_shipped(self) -> dict[str, int]:
        """By sku, units on the shelf plus units shipped. When all shipped stock is taken, only a receipt changes it."""
        rows = self.shop.sql(
            """SELECT sku, sum(units) FROM (
                 SELECT sku, on_hand AS units FROM stock_bins
                 UNION ALL SELECT sku, shipped_quantity FROM order_items) moved GROUP BY sku"""
        )
        return {sku: int(units) for sku, units in rows}


def pytest_report_header() -> str:
    return f"chaos seed: {SEED} (repeat with CHAOS_SEED={SEED})"


@pytest.fixture
def storm(hurtable: Hurtable, request: pytest.FixtureRequest) -> Storm:
    """The random numbers depend only on the seed and the test's name. The proxies disturb nothing at first."""
    for line in (hurtable.line, hurtable.api_line):
        line.reset()
    return Storm(hurtable, random.Random(f"{SEED} {request.node.name}"))


@pytest.fixture(scope="session")
def hurtable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hurtable]:
    folder, password = tmp_path_factory.mktemp("chaos"), new_secret()
    postgres = EmbeddedPostgres(folder / "postgres", free_port(), password, FAST_AND_FORGETFUL)
    engine = None
    try:
        postgres.start()
        for name in ("orders", "engine", BANK):
            postgres.ensure_database(name, password)
        jdbc_url = postgres.jdbc_url("engine")
        engine = LocalEngine(built_engine(), free_port(), jdbc_url, "engine", password, folder / "engine.log")
        engine.start()
        with mail_catcher() as (mailbox, port), line_to(engine.url) as (line, url):
            env = environment(postgres.url("orders", "orders", password), engine, port) | {
                "ENGINE_URL": url,
                "WAREHOUSE_SHIP_DELAY": "0.5",
                "WAREHOUSE_DELIVER_DELAY": "0.5",
            }
            system = SystemWithBank(env, folder, postgres.url(BANK, BANK, password))
            try:
                for command in ("migrate", "deploy", "seed-demo"):
                    system.command(command)
                system.start()
                with line_to(system.url) as (api_line, api):
                    shop = Shop(system, mailbox, api=api)
                    shop.sql(SHIPS_ON_CALL)
                    yield Hurtable(shop, postgres, engine, line, api_line)
            finally:
                system.stop_all()
    finally:
        if engine is not None:
            engine.kill()
        postgres.stop()
