"""`order-service replay` without an engine: limits, repeats and refusals."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.fixtures.system import API_KEY, PASSWORD, PATIENCE, ROOT, WAREHOUSE_KEY, System

SAMPLE = ROOT / "tests" / "samples" / "orders_100.csv"
DEMO = {
    "DEMO_API_KEY": API_KEY,
    "DEMO_WAREHOUSE_KEY": WAREHOUSE_KEY,
    **{f"DEMO_PASSWORD_{who}": PASSWORD for who in ("CSR", "STORE", "SUPERVISOR", "OPERATOR")},
}


@pytest.fixture
def running(server: System) -> System:
    server.env |= DEMO
    server.command("seed-demo")
    return server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two orders of one sku in a file that no other test uses."""
    head = SAMPLE.read_text(encoding="utf-8").splitlines()[0]
    names = head.split(",")
    shared = {"Ship Mode": "First Class", "Customer ID": "C", "Customer Name": "Ada", "Order Date": "2026-03-01"}
    place = {"City": "Dover", "State": "Delaware", "Postal Code": "19901", "Segment": "Consumer", "Discount": "0"}
    goods = {"Product ID": f"P-{tmp_path.name}", "Product Name": "Chair", "Sales": "10.00", "Quantity": "2"}
    rows = [{**shared, **place, **goods, "Order ID": f"{tmp_path.name}-{number}"} for number in (1, 2)]
    lines = [",".join(row.get(name, "") for name in names) for row in rows]
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([head, *lines]), encoding="utf-8")
    return file


@pytest.fixture
def foreign_server() -> Iterator[str]:
    """The address of a foreign web server, which refuses POST and answers in HTML."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def replayed(system: System, file: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "order_api.cli", "replay", str(file), "--no-wait", *options]
    env = {**system.env, **environment}
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE)


def test_replaying_the_whole_file_after_its_first_orders_is_no_conflict(running: System, file: Path) -> None:
    first = replayed(running, file, "--limit", "1")
    whole = replayed(running, file)

    assert "1 accepted, 0 already known" in first.stdout, first.stderr
    assert "1 accepted, 1 already known" in whole.stdout, whole.stderr


def test_a_key_that_may_not_receive_stock_is_refused_in_one_sentence(running: System, file: Path) -> None:
    result = replayed(running, file, DEMO_WAREHOUSE_KEY=API_KEY)

    assert result.returncode == 1
    assert result.stderr.startswith("Error: POST /v1/inventory/receipts was answered with 403 permission_missing (")
    assert "Traceback" not in result.stderr


def test_a_key_that_may_not_place_orders_stops_at_the_first(running: System, file: Path) -> None:
    result = replayed(running, file, DEMO_API_KEY="osk_unknown")

    assert result.returncode == 1
    assert result.stderr.startswith("Error: POST /v1/orders was answered with 401 credential_invalid (")


def test_an_address_where_another_service_answers_is_reported_in_one_sentence(
    running: System, file: Path, foreign_server: str
) -> None:
    result = replayed(running, file, "--url", foreign_server)

    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: {foreign_server} does not answer like the API (JSONDecodeError)")
    assert "Traceback" not in result.stderr
