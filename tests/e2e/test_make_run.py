"""`make run` for a newcomer: its printed addresses work, Ctrl-C ends everything, and the next start continues."""

import re
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from deploy.local.places import CHECKOUT
from tests.fixtures.make_run import MakeRun, make_run_in, seconds_until_up
from tests.fixtures.system import CALL_TIMEOUT, PATIENCE, wait_until


@pytest.fixture
def make_run(tmp_path: Path) -> Iterator[MakeRun]:
    with make_run_in(tmp_path) as running:
        yield running


@pytest.mark.timeout(10 * PATIENCE)
def test_a_newcomer_starts_stops_kills_and_forgets_the_whole_system(make_run: MakeRun) -> None:
    first = make_run.start()

    assert "archive" not in first
    what_is_printed_works(make_run, first)
    order = place_the_first_order(first)
    wait_until(lambda: status(first, order) == "completed", what="the first order completed")

    assert make_run.send(signal.SIGINT) == 0
    assert make_run.programs() == []
    assert re.search(r"Java's archive .* is written.*\nStopping all programs\nStopped;", make_run.output)

    second = make_run.start()
    assert seconds_until_up(second) > 0
    assert java_uses_its_archive(make_run)
    assert table_of(second) == table_of(first)
    assert status(second, order) == "completed"
    assert place_the_first_order(second) == order

    make_run.send(signal.SIGKILL)
    left_behind = make_run.programs()
    third = make_run.start()
    assert re.search(r"Ended \d+ programs that a killed run had left behind", third)
    assert [process for process in left_behind if process.is_running()] == []
    assert status(third, order) == "completed"
    assert place_as_the_readme_says(make_run, third) == order

    assert make_run.send(signal.SIGTERM) == 0
    make_run.reset()
    assert not make_run.folder.exists()


def java_uses_its_archive(make_run: MakeRun) -> bool:
    """Why a later start is quick; docs/benchmarks.md has the figures."""
    return any("-XX:SharedArchiveFile=" in " ".join(program.cmdline()) for program in make_run.programs())


def what_is_printed_works(make_run: MakeRun, output: str) -> None:
    shown = {
        name: requests.get(row(output, name), timeout=CALL_TIMEOUT).status_code
        for name in ("Console", "API pages", "Cockpit")
    }
    assert shown == {"Console": 200, "API pages": 200, "Cockpit": 200}
    for name, password in people(output).items():
        if name != "admin":
            token = requests.post(
                f"{api(output)}/v1/tokens", json={"username": name, "password": password}, timeout=CALL_TIMEOUT
            )
            assert token.status_code == 201, f"{name}: {token.text}"
        asked = requests.get(f"{engine(output)}/group", auth=(name, password), timeout=CALL_TIMEOUT)
        assert asked.status_code == 200, f"{name} in the engine: {asked.text}"
    receipt = {"reference": "PO-1", "sku": "LAMP", "quantity": 1}
    key = {"Authorization": f"Bearer {row(output, 'warehouse')}"}
    received = requests.post(f"{api(output)}/v1/inventory/receipts", json=receipt, headers=key, timeout=CALL_TIMEOUT)
    assert received.status_code == 201
    programs = output_of(row(output, "Programs"))
    assert programs.count("RUNNING") == 7, programs
    command = row(output, "Commands").removesuffix(" --help")
    assert output_of(f"{command} outbox") == "Stuck rows: 0.\n"
    assert stat.S_IMODE(Path(command).stat().st_mode) == 0o700


def place_the_first_order(output: str) -> str:
    return order_placed_by(output[output.index("curl -sS") :].strip())


def place_as_the_readme_says(make_run: MakeRun, output: str) -> str:
    """The copied commands, for the folder and port of this installation."""
    [commands] = re.findall(r"```sh\n(KEY=.*?)```", (CHECKOUT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return order_placed_by(
        commands.replace(".local/run/", f"{make_run.folder}/").replace("http://127.0.0.1:8000", api(output))
    )


def order_placed_by(commands: str) -> str:
    answer = output_of(commands)
    found = re.search(r'"id": ?"([0-9a-f-]{36})"', answer)
    assert found is not None, answer
    return found[1]


def status(output: str, order: str) -> str:
    key = {"Authorization": f"Bearer {row(output, 'web shop')}"}
    return str(requests.get(f"{api(output)}/v1/orders/{order}", headers=key, timeout=CALL_TIMEOUT).json()["status"])


def output_of(command: str) -> str:
    done = subprocess.run(["bash", "-c", command], cwd=CHECKOUT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout


def table_of(output: str) -> str:
    return output[output.index("  Console") :]


def row(output: str, name: str) -> str:
    """The cell beside the name in the printed table."""
    return str(re.findall(rf"^  {name} +(.+)$", output, re.MULTILINE)[0]).strip()


def people(output: str) -> dict[str, str]:
    return dict(re.findall(r"^  ([a-z]+(?:-[a-z]+)?) +((?:[0-9a-f]{4}-){2}[0-9a-f]{4}) ", output, re.MULTILINE))


def api(output: str) -> str:
    return row(output, "API pages").removesuffix("/docs")


def engine(output: str) -> str:
    return row(output, "Cockpit").removesuffix("/camunda/app/cockpit/default/") + "/engine-rest"
