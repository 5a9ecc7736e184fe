"""The data folder of the embedded PostgreSQL: created once, checked before each start."""

import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psutil

from deploy.local.postgres_binaries import BINARIES, VERSION
from deploy.local.problems import LocalProblem
from deploy.local.system_user import give, make_readable, open_way, postgres_user

# Written last: a folder without it was never finished, so it holds no data.
FINISHED = "made-by-order-service"


def prepare(data: Path, superuser: str, password: str) -> list[str]:
    _allow_postgres_user(data)
    healed = []
    if data.exists() and not (data / FINISHED).exists():
        if any(data.iterdir()):
            healed.append(f"An earlier start left the data folder {data} unfinished, so it is created again.")
        shutil.rmtree(data)
    if not data.exists():
        _initialize(data, superuser, password)
    _refuse_damage(data)
    return healed + _forget_dead_server(data)


def as_postgres_user() -> dict[str, Any]:
    """Arguments for `subprocess`: if we run as root, they start the child process as PostgreSQL's user."""
    user = postgres_user()
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _allow_postgres_user(data: Path) -> None:
    data.parent.mkdir(parents=True, exist_ok=True)
    if postgres_user() is None:
        return
    open_way(data)
    open_way(BINARIES / "postgres")
    if not (BINARIES / "postgres").stat().st_mode & 0o001:
        make_readable(BINARIES.parents[1])


def _initialize(data: Path, superuser: str, password: str) -> None:
    data.mkdir(mode=0o700)
    user = postgres_user()
    with tempfile.NamedTemporaryFile("w", prefix="order-service-") as password_file:
        password_file.write(password)
        password_file.flush()
        if user is not None:
            give(data, user)
            shutil.chown(password_file.name, user)
        _run_initdb(data, superuser, password_file.name)
    (data / FINISHED).touch()
    if user is not None:
        shutil.chown(data / FINISHED, user)


def _run_initdb(data: Path, superuser: str, password_file: str) -> None:
    arguments = ["--auth=scram-sha-256", f"--pwfile={password_file}", "--username", superuser, "--encoding=UTF8"]
    made = subprocess.run(
        [BINARIES / "initdb", *arguments, "--locale=C.UTF-8", "-D", data],
        capture_output=True,
        text=True,
        cwd=data,
        **as_postgres_user(),
    )
    if made.returncode != 0:
        reason = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LocalProblem(
            f"The data folder {data} could not be created ({reason}): "
            "free disk space or grant the right to write there, then run again."
        )


def _refuse_damage(data: Path) -> None:
    version_file = data / "PG_VERSION"
    if not version_file.exists() or not (data / "global" / "pg_control").exists():
        raise LocalProblem(
            f"The data folder {data} is damaged: restore it from a backup, or delete it with 'make reset'."
        )
    version = version_file.read_text().strip()
    if version != str(VERSION):
        raise LocalProblem(
            f"The data folder {data} belongs to PostgreSQL {version}, but this is PostgreSQL {VERSION}: "
            "dump it with the old version, or delete it with 'make reset'."
        )


def _forget_dead_server(data: Path) -> list[str]:
    """Deletes the pid file that a dead server left behind.

    If another program now has the process id in this file, PostgreSQL refuses to start.
    """
    note = data / "postmaster.pid"
    if not note.exists() or running_server(data) is not None:
        return []
    note.unlink()
    return ["PostgreSQL was not stopped properly last time; it repairs itself from its log."]


def running_server(data: Path) -> psutil.Process | None:
    """The server that has this folder open now, even if another run started it."""
    try:
        server = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        return server if str(data) in server.cmdline() and server.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
