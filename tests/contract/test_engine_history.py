"""The engine removes the history of a process when its time to live has passed since its end."""

from contextlib import closing
from uuid import uuid4

import psycopg
import pytest

from deploy.local.postgres import EmbeddedPostgres
from order_api.camunda.engine import get, session, url
from tests.contract.test_engine_gateway import WAITING, deploy_file, start
from tests.fixtures.platform import DATABASE_PASSWORD
from tests.fixtures.system import wait_until

pytestmark = pytest.mark.usefixtures("connected")

SHIFT = """UPDATE act_hi_procinst
SET start_time_ = start_time_ - interval '36 hours', end_time_ = end_time_ - interval '36 hours' WHERE id_ = ANY(%s)"""


def shift_into_the_past(postgres: EmbeddedPostgres, *instances: str) -> None:
    server = postgres.url("engine", "engine", DATABASE_PASSWORD).replace("+psycopg", "")
    with closing(psycopg.connect(server)) as connection, connection:
        connection.execute(SHIFT, [list(instances)])


def test_only_what_ended_longer_ago_than_its_time_to_live_is_removed(postgres: EmbeddedPostgres) -> None:
    key = f"history-{uuid4().hex[:8]}"  # Its time to live is one day.
    deploy_file(f"{key}.bpmn", WAITING.format(key=key))
    ended_long_ago, ended, running = (start(key, "K-1", total="12.34") for _ in range(3))
    for instance in (ended_long_ago, ended):
        session().delete(url(f"/process-instance/{instance}"))
    shift_into_the_past(postgres, ended_long_ago, running)

    session().post(url("/history/cleanup"), params={"immediatelyDue": "true"})

    wait_until(lambda: kept(key) == {ended, running}, what="old history removed")
    assert {row["processInstanceId"] for row in variables(key)} == {ended, running}


def kept(key: str) -> set[str]:
    return {row["id"] for row in get("/history/process-instance", processDefinitionKey=key)}


def variables(key: str) -> list[dict[str, str]]:
    return list(get("/history/variable-instance", processDefinitionKey=key))


def test_no_rows_of_history_are_written_again_when_a_process_ends() -> None:
    """Otherwise each ended process would write all rows of its history a second time, to set their day of removal."""
    key = f"history-{uuid4().hex[:8]}"
    deploy_file(f"{key}.bpmn", WAITING.format(key=key))
    session().delete(url(f"/process-instance/{start(key, 'K-1')}"))

    [ended] = get("/history/process-instance", processDefinitionKey=key)

    assert ended["endTime"]
    assert ended["removalTime"] is None
