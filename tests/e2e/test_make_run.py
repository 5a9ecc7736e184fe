"""`make run` as a newcomer meets it: what it prints works, Ctrl-C ends all of it, and the next start goes on."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from deploy.local.engine_build import built_engine
from deploy.local.environment import MARK
from deploy.local.places import CHECKOUT
from deploy.local.ports import free_ports
from tests.e2e.busy_machine import Watched
from tests.fixtures.system import wait_until

PORTS = ("API_PORT", "ENGINE_PORT", "POSTGRES_PORT", "MAIL_PORT")
PACE = {"DEMO_EDIT_WINDOW": "PT1S", "WAREHOUSE_SHIP_DELAY": "0", "WAREHOUSE_DELIVER_DELAY": "0"}
READY = "-d @deploy/samples/first_order.json\n"
PATIENCE = 180
PROMISED_START = 15
"""Seconds of a later start, as the README says."""


@dataclass
class MakeRun:
    folder: Path
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> str:
        """Returns what it printed until the table was there."""
        self.output.unlink(missing_ok=True)
        with open(self.output, "wb") as writer:
            # As in the background of a script: a shell without job control has Ctrl-C ignored there.
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", f"trap '' INT; exec {sys.executable} -m deploy.local.run"],
                env=self.environment,
                cwd=CHECKOUT,
                stdout=writer,
                stderr=subprocess.STDOUT,
            )
        running = self.process
        wait_until(lambda: running.poll() is not None or READY in self.told, PATIENCE, "the table of `make run`")
        assert READY in self.told, self.told
        return self.told

    @property
    def output(self) -> Path:
        return self.folder.with_suffix(".out")

    @property
    def told(self) -> str:
        return self.output.read_text()

    def send(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)

    def programs(self) -> list[psutil.Process]:
        """Whatever runs of it, the runner itself not counted."""
        return [process for process in psutil.process_iter() if self._is_of_this_run(process)]

    def everything(self) -> list[psutil.Process]:
        assert self.process is not None
        return [psutil.Process(self.process.pid), *self.programs()]

    def _is_of_this_run(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get(MARK) == str(self.folder) and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def reset(self) -> None:
        subprocess.run([sys.executable, "-m", "deploy.local.reset"], env=self.environment, cwd=CHECKOUT, check=True)


@pytest.fixture
def a_java_of_its_own(tmp_path: Path) -> Iterator[Path]:
    """Behaves as ours, but no archive of the engine's classes has been written with it."""
    program = tmp_path / "java" / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\n[ "$1" = -version ] && echo {tmp_path} >&2\nexec {shutil.which("java")} "$@"\n')
    program.chmod(0o755)
    known = set(built_engine().parent.glob("classes-*.jsa"))
    yield program.parents[1]
    for archive in set(built_engine().parent.glob("classes-*.jsa")) - known:
        archive.unlink()


@pytest.fixture
def make_run(tmp_path: Path, a_java_of_its_own: Path) -> Iterator[MakeRun]:
    ports = dict(zip(PORTS, map(str, free_ports(4)), strict=True))
    ours = {"RUN_FOLDER": str(tmp_path / "run"), "JAVA_HOME": str(a_java_of_its_own)}
    unset = {"DATABASE_URL", "ENGINE_URL", "ENGINE_USER", "ENGINE_PASSWORD", "COCKPIT_URL", "ORDER_SERVICE_ENV"}
    outer = {name: value for name, value in os.environ.items() if name not in unset}
    running = MakeRun(tmp_path / "run", outer | ports | PACE | ours)
    try:
        yield running
    finally:
        if running.process is not None and running.process.poll() is None:
            running.send(signal.SIGINT)
        running.reset()


@pytest.mark.timeout(600)
def test_a_newcomer_starts_stops_kills_and_forgets_the_whole_system(make_run: MakeRun) -> None:
    first = make_run.start()

    assert "archive" not in first
    what_is_printed_works(make_run, first)
    order = place_the_first_order(first)
    wait_until(lambda: status(first, order) == "completed", PATIENCE, "the first order completed")

    assert make_run.send(signal.SIGINT) == 0
    assert make_run.programs() == []
    assert re.search(r"Java's archive .* is written.*\nStopping all programs\nStopped;", make_run.told)

    watched = Watched()
    second = make_run.start()
    assert seconds_until_up(second) < watched.seconds(PROMISED_START, make_run.everything())
    assert table_of(second) == table_of(first)
    assert status(second, order) == "completed"
    assert place_the_first_order(second) == order

    make_run.send(signal.SIGKILL)
    left_behind = make_run.programs()
    third = make_run.start()
    assert re.search(r"Ended \d+ programs that a killed run had left behind", third)
    assert [process for process in left_behind if process.is_running()] == []
    assert status(third, order) == "completed"

    assert make_run.send(signal.SIGTERM) == 0
    make_run.reset()
    assert not make_run.folder.exists()


def what_is_printed_works(make_run: MakeRun, told: str) -> None:
    shown = {
        name: requests.get(row(told, name), timeout=20).status_code for name in ("Console", "API pages", "Cockpit")
    }
    assert shown == {"Console": 200, "API pages": 200, "Cockpit": 200}
    for name, password in people(told).items():
        if name != "admin":
            token = requests.post(f"{api(told)}/v1/tokens", json={"username": name, "password": password}, timeout=20)
            assert token.status_code == 201, f"{name}: {token.text}"
        asked = requests.get(f"{engine(told)}/group", auth=(name, password), timeout=20)
        assert asked.status_code == 200, f"{name} in the engine: {asked.text}"
    receipt = {"reference": "PO-1", "sku": "LAMP", "quantity": 1}
    key = {"Authorization": f"Bearer {row(told, 'warehouse')}"}
    assert requests.post(f"{api(told)}/v1/inventory/receipts", json=receipt, headers=key, timeout=20).status_code == 201
    programs = typed(row(told, "Programs"))
    assert programs.count("RUNNING") == 7, programs
    command = row(told, "Commands").removesuffix(" --help")
    assert typed(f"{command} outbox") == "0 rows are stuck.\n"
    assert stat.S_IMODE(Path(command).stat().st_mode) == 0o700


def place_the_first_order(told: str) -> str:
    answer = typed(told[told.index("curl -sS") :].strip())
    found = re.search(r'"id": ?"([0-9a-f-]{36})"', answer)
    assert found is not None, answer
    return found[1]


def status(told: str, order: str) -> str:
    key = {"Authorization": f"Bearer {row(told, 'web shop')}"}
    return str(requests.get(f"{api(told)}/v1/orders/{order}", headers=key, timeout=20).json()["status"])


def typed(command: str) -> str:
    done = subprocess.run(["bash", "-c", command], cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def table_of(told: str) -> str:
    return told[told.index("  Console") :]


def seconds_until_up(told: str) -> int:
    return int(re.findall(r"^Up after (\d+) s\.", told, re.MULTILINE)[0])


def row(told: str, name: str) -> str:
    """The cell beside the name in the printed table."""
    return str(re.findall(rf"^  {name} +(.+)$", told, re.MULTILINE)[0]).strip()


def people(told: str) -> dict[str, str]:
    return dict(re.findall(r"^  ([a-z]+(?:-[a-z]+)?) +((?:[0-9a-f]{4}-){2}[0-9a-f]{4}) ", told, re.MULTILINE))


def api(told: str) -> str:
    return row(told, "API pages").removesuffix("/docs")


def engine(told: str) -> str:
    return row(told, "Cockpit").removesuffix("/camunda/app/cockpit/default/") + "/engine-rest"
