"""A system of its own for chaos: its database and its engine are killed, so nobody else may need them."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from deploy.local.credentials import new_secret
from deploy.local.engine import LocalEngine
from deploy.local.engine_build import built_engine
from deploy.local.ports import free_port
from deploy.local.postgres import FAST_AND_FORGETFUL, EmbeddedPostgres
from tests.fixtures.proxy import Line, line_to
from tests.fixtures.shop import Shop
from tests.fixtures.system import System, environment, mail_catcher

SEED = int(os.environ.get("CHAOS_SEED", random.SystemRandom().randrange(10**6)))


@dataclass
class Storm:
    """Everything that can be hurt. `line` is between our processes and the engine."""

    shop: Shop
    postgres: EmbeddedPostgres
    engine: LocalEngine
    line: Line
    received: dict[str, int]
    random: random.Random


def pytest_report_header() -> str:
    return f"chaos seed: {SEED} (repeat with CHAOS_SEED={SEED})"


@pytest.fixture(scope="session")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storm]:
    folder, password = tmp_path_factory.mktemp("chaos"), new_secret()
    postgres = EmbeddedPostgres(folder / "postgres", free_port(), password, FAST_AND_FORGETFUL)
    engine = None
    try:
        postgres.start()
        for name in ("orders", "engine"):
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
            system = System(env, folder)
            try:
                for command in ("migrate", "deploy", "seed-demo"):
                    system.command(command)
                system.start()
                yield Storm(Shop(system, mailbox), postgres, engine, line, {}, random.Random(SEED))
            finally:
                system.stop_all()
    finally:
        if engine is not None:
            engine.kill()
        postgres.stop()
