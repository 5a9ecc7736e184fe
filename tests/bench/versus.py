"""`make bench BASE=<commit>`: that commit and this one in turns, each as its own `make run` starts it.

Driven from outside only: orders over the API, CPU from the kernel, work of the databases from PostgreSQL's statistics.
So it can measure any commit that has `make run`.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import requests

from deploy.local.environment import MARK
from deploy.local.places import CHECKOUT
from deploy.local.ports import free_ports
from tests.bench.stage import cpu, cpu_of_databases
from tests.fixtures.make_run import PORTS
from tests.fixtures.system import wait_until

PAIRS = 5
ORDERS = 100
WARM_UP = 150
PLACED_AT_ONCE = 4
UP_WITHIN = 600.0
FIGURES = CHECKOUT / "docs" / "benchmarks.json"
Figures = dict[str, float]
ENGINE_CPU = ("engine_cpu_ms", "engine_database_cpu_ms")


@dataclass
class Side:
    """One commit, running."""

    folder: Path
    ports: dict[str, str]
    sample: dict[str, Any]
    """The first order that the commit itself shows to a newcomer."""

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.ports['API_PORT']}/v1"

    @cached_property
    def secrets(self) -> dict[str, str]:
        return dict(json.loads((self.folder / "credentials.json").read_text()))

    @cached_property
    def calls(self) -> requests.Session:
        session = requests.Session()
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=PLACED_AT_ONCE))
        session.headers["Authorization"] = f"Bearer {self.secrets['api_key']}"
        return session

    def round(self, orders: int) -> Figures:
        """The cost of one order when this number of orders is placed at once and completed."""
        before, began = self._used(), time.monotonic()
        with ThreadPoolExecutor(PLACED_AT_ONCE) as pool:
            open_orders = list(pool.map(lambda _: self._place(), range(orders)))
        placed = time.monotonic()
        wait_until(lambda: self._all_completed(open_orders), what="all orders completed", pause=0.2)
        ended, after = time.monotonic(), self._used()
        cost = {name: (after[name] - before[name]) / orders for name in before}
        return cost | {"orders_per_second": orders / (ended - began), "accepted_per_second": orders / (placed - began)}

    def _place(self) -> str:
        body = {**self.sample, "external_id": str(uuid4())}
        answer = self.calls.post(f"{self.api}/orders", json=body, timeout=60)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def _all_completed(self, open_orders: list[str]) -> bool:
        while open_orders:
            answer = self.calls.get(f"{self.api}/orders/{open_orders[-1]}", timeout=60)
            if answer.json()["status"] != "completed":
                return False
            open_orders.pop()
        return True

    def _used(self) -> Figures:
        programs = list(self._programs())
        [engine] = [one for one in programs if one.name() == "java"]
        servers = {one.pid: one for one in programs if one.name() == "postgres"}
        [server] = [one for one in servers.values() if one.ppid() not in servers]
        databases = cpu_of_databases(server.pid)
        service = [one for one in programs if one.name() not in ("java", "postgres")]
        return {
            "engine_cpu_ms": 1000 * cpu(engine.pid),
            "engine_database_cpu_ms": 1000 * databases["engine's database"],
            "our_database_cpu_ms": 1000 * databases["our database"],
            "service_cpu_ms": 1000 * sum(sum(one.cpu_times()[:2]) for one in service),
            "engine_transactions": self._transactions("engine"),
            "our_transactions": self._transactions("orders"),
        }

    def _programs(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == str(self.folder) and process.status() != psutil.STATUS_ZOMBIE:
                    yield process
            except psutil.Error:
                continue

    def _transactions(self, database: str) -> float:
        login = f"host=127.0.0.1 port={self.ports['POSTGRES_PORT']} user=postgres dbname=postgres"
        with psycopg.connect(login, password=self.secrets["postgres_password"]) as connection:
            query = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = %s"
            [number] = connection.execute(query, (database,)).fetchone() or (0,)
            return float(number)


@contextmanager
def running(checkout: Path, folder: Path) -> Iterator[Side]:
    """`make run` of the checkout in this folder, with its stock filled. Ends it as Ctrl-C does."""
    ports = dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
    pace = {"DEMO_EDIT_WINDOW": "PT0S", "WAREHOUSE_SHIP_DELAY": "0", "WAREHOUSE_DELIVER_DELAY": "0"}
    environment = {**os.environ, **ports, **pace, "RUN_FOLDER": str(folder)}
    with open(folder.with_suffix(".out"), "wb") as output:
        process = subprocess.Popen(
            ["make", "run"], cwd=checkout, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    sample = json.loads((checkout / "deploy" / "samples" / "first_order.json").read_text())
    side = Side(folder, ports, sample)
    try:
        wait_until(lambda: _is_up(side, process), seconds=UP_WITHIN, what=f"`make run` of {checkout}", pause=0.5)
        _fill_stock(side)
        yield side
    finally:
        os.killpg(process.pid, 2)
        process.wait(120)


def _is_up(side: Side, process: "subprocess.Popen[bytes]") -> bool:
    output = side.folder.with_suffix(".out")
    assert process.poll() is None, output.read_text()
    return "Up after" in output.read_text()


def _fill_stock(side: Side) -> None:
    headers = {"Authorization": f"Bearer {side.secrets['warehouse_key']}"}
    for item in side.sample["items"]:
        body = {"reference": str(uuid4()), "sku": item["sku"], "quantity": 100_000}
        answer = requests.post(f"{side.api}/inventory/receipts", json=body, headers=headers, timeout=60)
        assert answer.status_code == 201, answer.text


@contextmanager
def checkout_of(commit: str, folder: Path) -> Iterator[Path]:
    git = ["git", "-C", str(CHECKOUT), "worktree"]
    subprocess.run([*git, "add", "--detach", str(folder), commit], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def measure(base: str) -> str:
    """The report as a table. Writes the figures to docs/benchmarks.json too."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        parent = Path(name)
        parent.chmod(0o755)
        checkouts = {"base": stack.enter_context(checkout_of(base, parent / "checkout")), "new": CHECKOUT}
        for which, checkout in checkouts.items():
            with running(checkout, parent / which):
                pass  # Java writes its archive of the engine's classes when a first run ends.
        sides = {which: stack.enter_context(running(checkout, parent / which)) for which, checkout in checkouts.items()}
        for side in sides.values():
            side.round(WARM_UP)
        rounds: dict[str, list[Figures]] = {"base": [], "new": []}
        for pair in range(PAIRS):
            for which in ("base", "new") if pair % 2 == 0 else ("new", "base"):
                rounds[which].append(sides[which].round(ORDERS))
    return _report(base, rounds)


def _report(base: str, rounds: dict[str, list[Figures]]) -> str:
    medians = {which: {name: _middle(rounds[which], name) for name in rounds[which][0]} for which in rounds}
    ratios = [_engine(new) / _engine(old) for old, new in zip(rounds["base"], rounds["new"], strict=True)]
    figures = medians["new"] | {"engine_cpu_vs_base": round(median(ratios), 3)}
    FIGURES.write_text(json.dumps({"figures": figures, "base": medians["base"]}, indent=2) + "\n", encoding="utf-8")
    rows = [f"| {name} | {_spread(rounds['base'], name)} | {_spread(rounds['new'], name)} |" for name in medians["new"]]
    ratio = f"| engine_cpu_vs_base | 1 | {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |"
    return "\n".join([f"| per order | {base} | this commit |", "| --- | --- | --- |", *rows, ratio])


def _engine(figures: Figures) -> float:
    return sum(figures[name] for name in ENGINE_CPU)


def _middle(rounds: list[Figures], name: str) -> float:
    return round(median(figures[name] for figures in rounds), 2)


def _spread(rounds: list[Figures], name: str) -> str:
    values: list[Any] = [figures[name] for figures in rounds]
    return f"{median(values):.1f} ({min(values):.1f} to {max(values):.1f})"
