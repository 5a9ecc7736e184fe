"""Connections to PostgreSQL that died while they lay idle are replaced before anybody notices."""

import pytest
from sqlalchemy import text

from order_api.core import database
from order_api.core.database import transaction


def test_a_connection_that_died_while_idle_is_replaced(migrated: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "IDLE_SECONDS", 0.0)
    with transaction() as session, transaction() as killer:
        mine = session.scalar(text("SELECT pg_backend_pid()"))
        killers = killer.scalar(text("SELECT pg_backend_pid()"))
    with transaction() as session:
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ANY(:pids) AND pid <> pg_backend_pid()"
        )
        session.execute(text(others), {"pids": [mine, killers]})

    for _ in range(3):
        with transaction() as first, transaction() as second:
            assert (first.scalar(text("SELECT 1")), second.scalar(text("SELECT 1"))) == (1, 1)
