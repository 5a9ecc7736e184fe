"""The real embedded PostgreSQL: incomplete folders, killed servers, wrong passwords."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from deploy.local.ports import LOCALHOST, free_port
from deploy.local.postgres import FAST_AND_FORGETFUL, SUPERUSER, EmbeddedPostgres
from deploy.local.problems import LocalProblem

PASSWORD = "a-password"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "data", free_port(), PASSWORD, FAST_AND_FORGETFUL)
    yield server
    server.stop()


def test_an_unfinished_data_folder_is_created_again(server: EmbeddedPostgres) -> None:
    (server.data / "base").mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("18\n")

    healed = server.prepare()
    server.start()

    assert "unfinished, so it is created again" in healed[0]
    assert server.is_ready()


def test_a_finished_data_folder_that_lost_a_file_is_never_wiped(server: EmbeddedPostgres) -> None:
    server.prepare()
    (server.data / "PG_VERSION").unlink()

    with pytest.raises(LocalProblem, match="is damaged: restore it from a backup"):
        server.prepare()

    assert (server.data / "global").exists()


def test_a_killed_database_starts_again_with_all_that_was_committed(server: EmbeddedPostgres) -> None:
    server.start()
    server.ensure_database("orders", PASSWORD)
    _execute(server, "CREATE TABLE kept (id int)")

    server.kill()
    healed = server.prepare()
    server.start()

    assert "not stopped properly" in healed[0]
    _execute(server, "SELECT * FROM kept")


def test_a_process_id_that_now_belongs_to_another_program_does_not_prevent_the_start(server: EmbeddedPostgres) -> None:
    server.prepare()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")

    server.start()

    assert server.is_ready()


def test_the_database_listens_on_this_machine_only_and_asks_for_the_password(server: EmbeddedPostgres) -> None:
    server.start()

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url("postgres", SUPERUSER, "wrong", driver="postgresql"))

    assert server.process is not None
    listening = psutil.Process(server.process.pid).net_connections()
    assert {connection.laddr.ip for connection in listening} == {LOCALHOST}


def test_making_a_database_twice_is_harmless(server: EmbeddedPostgres) -> None:
    server.start()

    server.ensure_database("orders", "the first password")
    server.ensure_database("orders", PASSWORD)

    _execute(server, "SELECT 1")


def test_a_database_folder_of_another_version_is_refused(server: EmbeddedPostgres) -> None:
    server.prepare()
    (server.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(LocalProblem, match="belongs to PostgreSQL 14"):
        server.prepare()


def _execute(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.url("orders", "orders", PASSWORD, driver="postgresql")) as connection:
        connection.execute(statement.encode())


def test_statistics_are_kept_as_fresh_in_docker_as_here() -> None:
    """With stale statistics, waking one item of two hundred takes the engine's database ten times as long."""
    compose = (Path(__file__).parents[2] / "docker-compose.camunda.yml").read_text()
    here = " ".join(EmbeddedPostgres(Path("unused"), 0, "unused").command())

    for setting in ("autovacuum_naptime=5s", "autovacuum_vacuum_cost_delay=0"):
        assert f"-c {setting}" in here
        assert f'"-c", "{setting}"' in compose
