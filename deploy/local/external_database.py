"""An existing PostgreSQL server (DATABASE_URL). The engine needs its own database there."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from deploy.local.problems import LocalProblem


def ensure_engine_database(environment: Mapping[str, str]) -> None:
    url = environment["ENGINE_DB_URL"].removeprefix("jdbc:")
    name = urlsplit(url).path.lstrip("/").partition("?")[0]
    server = urlsplit(environment["DATABASE_URL"])._replace(scheme="postgresql").geturl()
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=5) as connection:
            if urlsplit(url).hostname != urlsplit(server).hostname:
                return
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise LocalProblem(
            f"The database of DATABASE_URL does not answer ({reason}): start it, or unset DATABASE_URL."
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise LocalProblem(
            f"The user of DATABASE_URL may not create the engine's database: create the database '{name}' there, "
            "or set ENGINE_DB_URL, ENGINE_DB_USER and ENGINE_DB_PASSWORD."
        ) from error
