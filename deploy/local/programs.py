"""The programs of a local run in start order; they stop in reverse order."""

import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local.engine import engine_command
from deploy.local.installation import Installation
from deploy.local.ports import LOCALHOST
from deploy.local.system_user import postgres_user

API_SIZE = ("--workers", "2", "--threads", "8")


@dataclass(frozen=True)
class Program:
    name: str
    command: list[str]
    user: str | None = None
    stop_signal: str = "TERM"


def programs_of(installation: Installation, engine_jar: Path | None) -> list[Program]:
    programs = [mail_catcher(installation)]
    if installation.database_url is None:
        # INT is PostgreSQL's fast shutdown; after TERM it would wait for all clients to disconnect.
        command = installation.postgres().command()
        programs.append(Program("postgres", command, user=postgres_user(), stop_signal="INT"))
    if engine_jar is not None:
        programs.append(Program("engine", engine_command(engine_jar)))
    return programs + our_programs(installation)


def mail_catcher(installation: Installation) -> Program:
    mailbox = ["-c", "aiosmtpd.handlers.Mailbox", str(installation.mail)]
    return Program("mail", _python("aiosmtpd", "-n", "-l", f"{LOCALHOST}:{installation.ports.mail}", *mailbox))


def our_programs(installation: Installation) -> list[Program]:
    address = f"{LOCALHOST}:{installation.ports.api}"
    return [
        Program("api", _python("gunicorn", "--config", "python:order_api.server", "--bind", address, *API_SIZE)),
        Program("workers", _python("workers")),
        Program("relay", _python("workers.relay")),
        Program("warehouse", _python("workers.warehouse")),
    ]


def setup_command(name: str) -> list[str]:
    return _python("order_api.cli", name)


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
