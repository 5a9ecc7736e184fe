"""Maps each kind of row to the function that sends it; imports every module of `workers/rows` once."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache

import workers.rows
from order_api.access.actor import system_actor
from order_api.outbox.models import OutboxRow, RowKind

Sender = Callable[[OutboxRow], None]
RELAY = system_actor("relay")

_senders: dict[RowKind, Sender] = {}


def sends(kind: RowKind) -> Callable[[Sender], Sender]:
    def register(send: Sender) -> Sender:
        if kind in _senders:
            raise ValueError(f"{kind} has two senders.")
        _senders[kind] = send
        return send

    return register


@cache
def senders() -> Mapping[RowKind, Sender]:
    for module in pkgutil.iter_modules(workers.rows.__path__):
        importlib.import_module(f"workers.rows.{module.name}")
    return dict(_senders)
