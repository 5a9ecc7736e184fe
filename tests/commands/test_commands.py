"""`order-service` commands of operators and designers on a running system."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import requests

from deploy.local.ports import free_port
from deploy.local.postgres import EmbeddedPostgres
from order_api.camunda.filters import QUEUES
from tests.fixtures.platform import DATABASE_PASSWORD
from tests.fixtures.shop import Shop
from tests.fixtures.system import CALL_TIMEOUT, PATIENCE, ROOT, wait_until

MODELS = ROOT / "bpmn_models"


def typed(shop: Shop, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The result of a command, even of a refused one."""
    command = [sys.executable, "-m", "order_api.cli", *arguments]
    env = {**shop.system.env, **environment}
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE)


# The outbox.


@pytest.fixture
def stuck_row(shop: Shop) -> Iterator[int]:
    """A message that no flow has waited for in two hours."""
    order = shop.place()
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    [(row_id,)] = shop.sql(
        "INSERT INTO outbox (lane, kind, name, business_key, process, payload, state, attempts, last_error, created_at,"
        " due_at, give_up_at) VALUES ('engine', 'message', 'payment-method-replaced', %s, 'order-submit', '{}',"
        " 'pending', 9, 'No flow waits.',"
        " now() - interval '2 hours', now() + interval '1 hour', now() + interval '30 days') RETURNING id",
        order["number"],
    )
    yield int(row_id)
    shop.sql("DELETE FROM outbox WHERE id = %s", row_id)


def test_what_is_stuck_is_shown_with_its_reason(shop: Shop, stuck_row: int) -> None:
    output = shop.system.command("outbox")

    assert f"{stuck_row}  " in output
    assert "message payment-method-replaced  " in output
    assert "after 9 tries: No flow waits." in output
    assert "Stuck rows: 1." in output


def test_a_stuck_row_is_sent_again_at_once(shop: Shop, stuck_row: int) -> None:
    [(before,)] = shop.sql("SELECT attempts FROM outbox WHERE id = %s", stuck_row)

    output = shop.system.command("outbox", "send-again", str(stuck_row))

    assert output == f"Row {stuck_row} is due now.\n"
    tries = "SELECT attempts FROM outbox WHERE id = %s AND attempts > %s"
    wait_until(lambda: shop.sql(tries, stuck_row, before), what="a new try")


def test_a_row_that_is_not_there_is_not_sent(shop: Shop) -> None:
    refused = typed(shop, "outbox", "send-again", "999999999")

    assert (refused.returncode, refused.stderr) == (1, "Error: The outbox has no row 999999999.\n")


def test_the_relay_counts_a_stuck_row_until_it_is_gone(shop: Shop, stuck_row: int) -> None:
    port = str(free_port())
    log = shop.system.folder / "counting-relay.log"
    relay = subprocess.Popen(
        [sys.executable, "-m", "workers.relay"],
        env={**shop.system.env, "RELAY_METRICS_PORT": port},
        cwd=ROOT,
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until(
            lambda: 'order_outbox_stuck{lane="engine"} 1.0' in metrics(port), what="the stuck row in the metrics"
        )
        shop.sql("UPDATE outbox SET state = 'dropped' WHERE id = %s", stuck_row)
        wait_until(lambda: 'order_outbox_stuck{lane="engine"} 0.0' in metrics(port), what="the row gone again")
    finally:
        relay.terminate()
        assert relay.wait(PATIENCE) == 0


def metrics(port: str) -> str:
    try:
        return requests.get(f"http://127.0.0.1:{port}/metrics", timeout=CALL_TIMEOUT).text
    except requests.RequestException:
        return ""


# Models.


def changed_models(folder: Path, remark: str) -> Path:
    """Our models with a comment that makes them new to the engine."""
    models = Path(shutil.copytree(MODELS, folder / remark))
    for file in models.rglob("*.bpmn"):
        file.write_text(file.read_text() + f"<!-- {remark} -->")
    return models


def versions(shop: Shop) -> int:
    found = shop.engine("GET", "/process-definition", key="order-submit", latestVersion="true")
    return int(found[0]["version"])


@pytest.fixture
def ours_again(shop: Shop) -> Iterator[None]:
    yield
    shop.system.command("deploy", "--force")


def test_deploying_twice_makes_one_version(shop: Shop) -> None:
    shop.system.command("deploy")
    before = versions(shop)

    output = shop.system.command("deploy")

    assert output == "The engine has these models already.\n"
    assert versions(shop) == before


@pytest.mark.usefixtures("ours_again")
def test_two_releases_that_deploy_at_once_make_one_version(shop: Shop, tmp_path: Path) -> None:
    models, before = changed_models(tmp_path, "at-once"), versions(shop)

    with ThreadPoolExecutor(2) as releases:
        output = sorted(releases.map(lambda _: shop.system.command("deploy", str(models)), range(2)))

    assert versions(shop) == before + 1
    assert output[0].startswith("Deployed ")
    assert f"order-submit version {before + 1}" in output[0]
    assert output[1] == "The engine has these models already.\n"


def test_two_deployments_at_once_make_each_queue_once(shop: Shop) -> None:
    ours = {queue.name for queue in QUEUES}
    for queue in shop.engine("GET", "/filter"):
        if queue["name"] in ours:
            shop.engine("DELETE", f"/filter/{queue['id']}")

    with ThreadPoolExecutor(4) as releases:
        list(releases.map(lambda _: shop.system.command("deploy"), range(4)))

    made = [queue["name"] for queue in shop.engine("GET", "/filter") if queue["name"] in ours]
    assert sorted(made) == sorted(ours)


@pytest.mark.usefixtures("ours_again")
def test_a_designers_version_is_named_and_outranked_only_by_force(shop: Shop, tmp_path: Path) -> None:
    designer = {"deployment-name": "my experiment", "deployment-source": "Camunda Modeler"}
    model = (MODELS / "processes" / "item-ship-to-home.bpmn").read_bytes()
    auth = (shop.system.env["ENGINE_USER"], shop.system.env["ENGINE_PASSWORD"])
    url = f"{shop.system.env['ENGINE_URL']}/deployment/create"
    theirs = requests.post(url, data=designer, files={"m": ("x.bpmn", model)}, auth=auth, timeout=CALL_TIMEOUT).json()[
        "id"
    ]

    refused = typed(shop, "deploy")
    fetched = shop.system.command("fetch-models", theirs, "--into", str(tmp_path / "theirs"))
    forced = shop.system.command("deploy", "--force")

    assert refused.returncode == 1
    assert "item-ship-to-home version" in refused.stderr
    assert f"fetch-models {theirs}" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert fetched.strip() == str(tmp_path / "theirs" / "x.bpmn")
    assert "item-ship-to-home version" in forced


def test_a_model_with_a_mistake_is_named_and_not_deployed(shop: Shop, tmp_path: Path) -> None:
    models = Path(shutil.copytree(MODELS, tmp_path / "models"))
    file = models / "processes" / "order-submit.bpmn"
    file.write_text(file.read_text().replace('camunda:topic="freeze-order"', 'camunda:topic="freeze-orders"'))
    before = versions(shop)

    linted, deployed = typed(shop, "lint", str(models)), typed(shop, "deploy", str(models))

    wrong = (
        "order-submit.bpmn: task_freeze_order: No worker knows the topic 'freeze-orders'. Did you mean 'freeze-order'?"
    )
    assert (linted.returncode, linted.stdout) == (1, f"{wrong}\n")
    assert (deployed.returncode, deployed.stderr) == (1, f"Error: {wrong}\n")
    assert versions(shop) == before


def test_our_own_models_are_fine(shop: Shop) -> None:
    assert shop.system.command("lint") == "The models are fine.\n"


def test_an_engine_that_is_away_is_reported_in_one_sentence(shop: Shop) -> None:
    refused = typed(shop, "deploy", ENGINE_URL="http://127.0.0.1:9/engine-rest")

    assert (refused.returncode, refused.stderr) == (1, "Error: The engine gave no answer: ConnectionError.\n")


# Schema and settings.


@pytest.fixture
def empty_database(postgres: EmbeddedPostgres) -> str:
    name = f"empty_{os.getpid()}_{time.monotonic_ns()}"
    postgres.ensure_database(name, DATABASE_PASSWORD)
    return postgres.url(name, name, DATABASE_PASSWORD)


def test_migrating_twice_and_at_once_brings_one_schema(shop: Shop, empty_database: str) -> None:
    def migrate(_: int) -> subprocess.CompletedProcess[str]:
        return typed(shop, "migrate", DATABASE_URL=empty_database)

    with ThreadPoolExecutor(2) as releases:
        done = [*releases.map(migrate, range(2)), migrate(3)]

    assert [(run.returncode, run.stdout) for run in done] == [(0, "The database is at the newest schema.\n")] * 3
    with psycopg.connect(empty_database.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_a_setting_that_is_missing_is_named(shop: Shop) -> None:
    refused = typed(shop, "outbox", DATABASE_URL="")

    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: Set the environment variable DATABASE_URL;")
