"""Finds the adapter of a port among the entry points of the installed packages.

A package registers an adapter under the group of its port and a key: the tender type, the location, or the name of the
carrier or screener. The entry point is a class, or a function, that is called once without arguments. The builtins
register in the same way (setup.cfg). Another package that registers the key of a builtin replaces it.
"""

from enum import StrEnum
from functools import cache, wraps
from importlib.metadata import EntryPoint, entry_points
from threading import RLock
from typing import Any

from order_api.core.database import refuse_inside_transaction

OURS = "order_api"


class Port(StrEnum):
    """The entry-point group of each port."""

    PAYMENT = "order_service.payment"
    FULFILLMENT = "order_service.fulfillment"
    MAIL = "order_service.mail"
    FRAUD = "order_service.fraud"


class AdapterNotInstalled(RuntimeError):
    """No installed package registers an adapter of this port under this key."""


class AdapterAmbiguous(RuntimeError):
    """Two packages apart from ours register an adapter of one port under the same key."""


_making = RLock()


def adapter(port: Port, key: str) -> Any:
    """The adapter registered under `key`, one instance per process. All callers get their adapters here.

    Raises AdapterNotInstalled and AdapterAmbiguous.
    """
    with _making:
        return _made(port, key)


def keys(port: Port) -> tuple[str, ...]:
    """The keys under which adapters of the port are registered, sorted."""
    return tuple(sorted(_registered(port)))


def declared(port: Port, key: str, name: str, default: Any) -> Any:
    """Reads the attribute `name` of the adapter's class without creating an adapter; `default` if it is missing.

    A factory function counts as a class here.

    Raises as `adapter` does.
    """
    return getattr(_chosen(port, key).load(), name, default)


@cache
def _made(port: Port, key: str) -> Any:
    return _Guarded(_chosen(port, key).load()())


def _chosen(port: Port, key: str) -> EntryPoint:
    candidates = _registered(port).get(key, [])
    from_outside = [entry_point for entry_point in candidates if not _is_ours(entry_point)]
    if len(from_outside) > 1:
        names = " and ".join(sorted(entry_point.value for entry_point in from_outside))
        raise AdapterAmbiguous(f"{names} are both registered as {key!r} in {port}; uninstall one.")
    if not candidates:
        installed = ", ".join(keys(port)) or "none; install order-service with pip"
        raise AdapterNotInstalled(f"No adapter is registered as {key!r} in {port}. Registered: {installed}.")
    return (from_outside or candidates)[0]


class _Guarded:
    """Wraps an adapter and refuses calls inside a transaction, which would hold its locks until the vendor answers."""

    def __init__(self, adapter: Any) -> None:
        self.__adapter = adapter

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """Makes `isinstance` see the adapter's class."""
        return type(self.__adapter)

    def __getattr__(self, name: str) -> Any:
        part = getattr(self.__adapter, name)
        if not callable(part):
            return part

        @wraps(part)
        def call(*args: Any, **kwargs: Any) -> Any:
            refuse_inside_transaction(f"{type(self.__adapter).__name__}.{name} was called")
            return part(*args, **kwargs)

        return call


@cache
def _registered(port: Port) -> dict[str, list[EntryPoint]]:
    by_key: dict[str, list[EntryPoint]] = {}
    for entry_point in entry_points(group=port):
        by_key.setdefault(entry_point.name, []).append(entry_point)
    return by_key


def _is_ours(entry_point: EntryPoint) -> bool:
    return entry_point.module.partition(".")[0] == OURS
