"""Our programs with the bank as one more of them, which keeps its books in the database `bank`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from deploy.local.ports import free_port
from tests.factories.adapters import forget_adapters
from tests.fixtures.system import ROOT, System, wait_until

BANK, BOOKS = "bank", "BANK_BOOKS"


def installed(folder: Path) -> str:
    """A folder of packages in which pip has installed the bank's adapter: it replaces ours for cards."""
    metadata = folder / "packages" / "bank-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: bank\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[order_service.payment]\ncard = tests.bank.adapter:Bank\n")
    return str(metadata.parent)


class SystemWithBank(System):
    """`books` is the address of the bank's own database."""

    def __init__(self, env: dict[str, str], folder: Path, books: str, **more: Any) -> None:
        super().__init__(env, folder, **more)
        self.bank_port = free_port()
        self.bank_url = f"http://127.0.0.1:{self.bank_port}"
        packages = f"{installed(folder)}{os.pathsep}{ROOT}"
        self.env |= {"BANK_URL": self.bank_url, BOOKS: books, "PYTHONPATH": packages}

    def start(self, *names: str) -> None:
        if not names or BANK in names:
            self._launch_bank()
        if names != (BANK,):
            super().start(*(name for name in names if name != BANK))

    def _launch_bank(self) -> None:
        bind = ["--bind", f"127.0.0.1:{self.bank_port}", "--threads", "16", "--no-control-socket"]
        ours, self.env = self.env, {**self.env, "DATABASE_URL": self.env[BOOKS]}
        try:
            self._launch(BANK, [sys.executable, "-m", "gunicorn", *bind, "tests.bank.server:app"])
        finally:
            self.env = ours
        wait_until(self._bank_answers, what="an answer of the bank")

    def _bank_answers(self) -> bool:
        try:
            return requests.get(f"{self.bank_url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False


@contextmanager
def used_by_this_process(system: System) -> Iterator[None]:
    """The bank's adapter replaces ours for cards here, too, where tests run workers of their own."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BANK_URL", system.env["BANK_URL"])
        environment.syspath_prepend(system.env["PYTHONPATH"].partition(os.pathsep)[0])
        forget_adapters()
        yield
    forget_adapters()


def decide(system: System, key: str, *, approved: bool) -> None:
    """The bank thinks again about a request, or decides one that was pending: its books say so from now on."""
    decline_code = None if approved else "closed"
    books = "UPDATE simulator_payments SET approved = %s, decline_code = %s, decides_at = now() WHERE key = %s"
    in_books(system, books, approved, decline_code, key)


def in_books(system: System, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Looks into the bank's database, or changes it."""
    with psycopg.connect(system.env[BOOKS].replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(query, parameters)
        return cursor.fetchall() if cursor.description else []
