"""kill -9 of each part, followed by its restart."""

import time
from collections.abc import Callable

from tests.chaos.conftest import Storm


def _process(name: str) -> Callable[[Storm], None]:
    def kill(storm: Storm) -> None:
        storm.shop.system.kill(name)
        time.sleep(0.5)
        storm.shop.system.start(name)

    return kill


def _engine(storm: Storm) -> None:
    storm.on.engine.kill()
    storm.on.engine.start()


def _database(storm: Storm) -> None:
    storm.on.postgres.kill()
    storm.on.postgres.start()


KILLS: dict[str, Callable[[Storm], None]] = {
    "workers": _process("workers"),
    "relay": _process("relay"),
    "api": _process("api"),
    "bank": _process("bank"),
    "warehouse": _process("warehouse"),
    "engine": _engine,
    "database": _database,
}
MAY_REPEAT_MAILS = ("relay", "database")
"""Killing one of these between sending a mail and recording it makes the mail repeat."""
