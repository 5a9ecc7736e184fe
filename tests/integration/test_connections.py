"""Idle connections to PostgreSQL that died are replaced unnoticed."""

import pytest
from sqlalchemy import text

from order_api.core import database
from order_api.core.database import transaction
from tests.factories.others import transaction_of_another


def test_a_connection_that_died_while_idle_is_replaced(migrated: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "IDLE_SECONDS", 0.0)
    with transaction() as session, transaction_of_another() as killer:
        mine = session.scalar(text("SELECT pg_backend_pid()"))
        killers = killer.scalar(text("SELECT pg_backend_pid()"))
    with transaction() as session:
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ANY(:pids) AND pid <> pg_backend_pid()"
        )
        session.execute(text(others), {"pids": [mine, killers]})

    for _ in range(3):
        with transaction() as first, transaction_of_another() as second:
            assert (first.scalar(text("SELECT 1")), second.scalar(text("SELECT 1"))) == (1, 1)


def test_a_server_that_vanished_without_a_word_is_noticed_in_half_a_minute(migrated: None) -> None:
    with transaction() as session:
        driver = session.connection().connection.dbapi_connection
        assert driver is not None
        options = driver.info.get_parameters()

    silence = int(options["keepalives_idle"]) + int(options["keepalives_interval"]) * int(options["keepalives_count"])
    assert silence <= 30
    assert 0 < int(options["tcp_user_timeout"]) <= 30_000
