"""What every measurement runs on: a database with durable commits, engine and API as the demo runs them."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local.credentials import new_secret
from deploy.local.engine import LocalEngine, engine_command
from deploy.local.engine_build import built_engine
from deploy.local.ports import free_port
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.programs import API_SIZE
from tests.fixtures.shop import Shop
from tests.fixtures.system import System, environment, mail_catcher


class ServerEngine(LocalEngine):
    """Compiles fully, unlike the test engine: starts slower, runs faster."""

    def command(self) -> list[str]:
        return engine_command(self.jar)


@dataclass
class Stage:
    shop: Shop
    postgres: EmbeddedPostgres
    engine: ServerEngine

    def cpu_seconds(self) -> dict[str, float]:
        """CPU so far. Both databases share one server; the title of each connection's process names its database."""
        assert self.engine.process is not None
        assert self.postgres.process is not None
        used = {"engine": cpu(self.engine.process.pid), **cpu_of_databases(self.postgres.process.pid)}
        used["load"] = sum(os.times()[:2])
        return used | {name: cpu(process.pid) for name, process in self.shop.system.running.items()}


WHOSE = {"engine": "engine's database", "orders": "our database"}


def cpu_of_databases(server: int) -> dict[str, float]:
    """`database, shared` holds the CPU of ended connections and of the processes that write for both databases."""
    used = dict.fromkeys(WHOSE.values(), 0.0)
    for process in psutil.Process(server).children():
        with suppress(psutil.NoSuchProcess):
            if name := WHOSE.get(_database(process.cmdline()) or ""):
                used[name] += sum(process.cpu_times()[:2])
    return used | {"database, shared": cpu(server) - sum(used.values())}


def _database(title: list[str]) -> str | None:
    """The title of a connection's process is `postgres: USER DATABASE ADDRESS …`."""
    words = " ".join(title).split()
    return words[2] if len(words) > 3 and words[0] == "postgres:" else None


def cpu(pid: int) -> float:
    """CPU of a process and its children, including ended ones."""
    process = psutil.Process(pid)
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def stage() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name, mail_catcher() as (mailbox, mail_port):
        folder, password = Path(name), new_secret()
        folder.chmod(0o755)
        postgres = EmbeddedPostgres(folder / "postgres", free_port(), password)
        engine = None
        system = None
        try:
            postgres.start()
            for database in ("orders", "engine"):
                postgres.ensure_database(database, password)
            jdbc_url = postgres.jdbc_url("engine")
            engine = ServerEngine(built_engine(), free_port(), jdbc_url, "engine", password, folder / "engine.log")
            engine.start()
            env = environment(postgres.url("orders", "orders", password), engine, mail_port)
            system = System(env | {"WAREHOUSE_SHIP_DELAY": "0", "WAREHOUSE_DELIVER_DELAY": "0"}, folder, API_SIZE)
            for command in ("migrate", "deploy", "seed-demo"):
                system.command(command)
            yield Stage(Shop(system, mailbox), postgres, engine)
        finally:
            if system is not None:
                system.stop_all()
            if engine is not None:
                engine.kill()
            postgres.stop()
