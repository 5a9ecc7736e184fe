"""A real PostgreSQL from the binaries in a Python package: on 127.0.0.1, with passwords, in our own folder."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT

import psutil
import psycopg
from psycopg import sql

from deploy.local import postgres_data
from deploy.local.ports import LOCALHOST
from deploy.local.postgres_binaries import BINARIES
from deploy.local.problems import LocalProblem
from deploy.local.waiting import wait_until

SUPERUSER = "postgres"
# For tests: a loss of power would destroy the data. A killed server still loses no committed data, because
# synchronous_commit stays on.
FAST_AND_FORGETFUL = {"fsync": "off", "full_page_writes": "off"}


@dataclass
class EmbeddedPostgres:
    data: Path
    port: int
    password: str = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    process: "subprocess.Popen[bytes] | None" = None

    def prepare(self) -> list[str]:
        """Prepares the data folder for `command`; returns a sentence for each repair."""
        return postgres_data.prepare(self.data, SUPERUSER, self.password)

    def command(self) -> list[str]:
        """Command line of the server in the foreground. Root must run it as `system_user.postgres_user()`."""
        chosen = {
            "listen_addresses": LOCALHOST,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "256MB",
            "log_error_verbosity": "terse",  # The DETAIL of a violated constraint contains customer data.
            # The engine's runtime tables fill and empty within seconds. With stale statistics or dead rows, waking one
            # of a hundred items takes ten times as long.
            "autovacuum_naptime": "5s",
            "autovacuum_vacuum_cost_delay": "0",
            **self.settings,
        }
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        return [str(BINARIES / "postgres"), "-D", str(self.data), *options]

    def start(self) -> None:
        self.prepare()
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, start_new_session=True, **postgres_data.as_postgres_user()
            )
        self.wait_until_ready()

    @property
    def log_file(self) -> Path:
        return self.log or self.data.with_name(self.data.name + ".log")

    def wait_until_ready(self, seconds: float = 60) -> float:
        return wait_until(
            self.is_ready, seconds, f"PostgreSQL did not start within {seconds:.0f} s: see {self.log_file}."
        )

    def is_ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise LocalProblem(f"PostgreSQL ended at once: the reason is in the last lines of {self.log_file}.")
        try:
            psycopg.connect(
                self.url("postgres", SUPERUSER, self.password, driver="postgresql"), connect_timeout=2
            ).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise LocalProblem(
                    f"Another PostgreSQL, with a different password, uses port {self.port}: stop it, or delete this "
                    "installation with 'make reset'."
                ) from error
            return False
        return True

    def stop(self) -> None:
        """Fast shutdown: ends connections and writes everything committed."""
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, SIGINT)
            self.process.wait(60)

    def kill(self) -> None:
        """Kills the server process without warning; its children notice and end by themselves.

        Waits for all of them, because until then no other server may open the data folder.
        """
        assert self.process is not None
        server = psutil.Process(self.process.pid)
        server.suspend()  # A suspended server starts no more children while we list them.
        children = server.children()
        self.process.kill()
        self.process.wait(60)
        psutil.wait_procs(children, timeout=60)

    def ensure_database(self, name: str, password: str) -> None:
        """Creates a database and the role of the same name that owns it, unless they exist."""
        with psycopg.connect(
            self.url("postgres", SUPERUSER, self.password, driver="postgresql"), autocommit=True
        ) as connection:
            role, word = sql.Identifier(name), sql.Literal(password)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
            connection.execute(sql.SQL("ALTER ROLE {} LOGIN CREATEDB PASSWORD {}").format(role, word))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))

    def url(self, database: str, user: str, password: str, driver: str = "postgresql+psycopg") -> str:
        return f"{driver}://{user}:{password}@{LOCALHOST}:{self.port}/{database}"

    def jdbc_url(self, database: str) -> str:
        return f"jdbc:postgresql://{LOCALHOST}:{self.port}/{database}"
