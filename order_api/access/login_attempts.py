"""Slows down those who guess passwords: a name from an address, and an address that has failed for many names.

A name alone is never slowed down, because then anyone could keep a person out. One password is checked at a time: a
check is costly on purpose, and many at once would take the processors from everybody else. The next check belongs to a
caller who waited as long as the answer said, because guessers try far more often than a person.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil
from threading import Lock
from time import monotonic

import structlog
from sqlalchemy import Select, case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.access.models import LoginAttempts
from order_api.core import clock
from order_api.core.database import try_lock
from order_api.core.errors import TooManyRequests

MEMORY = timedelta(days=1)
"""How long failures count, and how long a log-in shows that people work at an address."""
LONGEST_WAIT = 900.0
"""Seconds."""
MANY_NAMES = 5
"""So many names may fail from an address before it is slowed down itself."""
SUBNET = 64
"""Bits of an IPv6 address that a provider gives to one customer."""
SOON = 1
MAX_TOLD = 10_000
"""Callers that a process remembers."""
log = structlog.get_logger()


class TooManyLogins(TooManyRequests):
    """Passwords were wrong too often, or another one is being checked. Try again after `Retry-After` seconds."""


class Told:
    """Callers of this process who were told to wait because another password was being checked. One who comes back
    sooner waits anew: so those who never pause leave the next check to those who do as they were told."""

    def __init__(self) -> None:
        self._until = OrderedDict[int, float]()
        self._lock = Lock()

    def to_wait(self, caller: int) -> None:
        with self._lock:
            self._until[caller] = monotonic() + SOON
            self._until.move_to_end(caller)
            if len(self._until) > MAX_TOLD:
                self._until.popitem(last=False)

    def comes_too_early(self, caller: int) -> bool:
        with self._lock:
            return self._until.get(caller, 0.0) > monotonic()


told = Told()


def begin_check(session: Session, username: str, address: str) -> None:
    """Call it before a password is checked; until the transaction ends no other one is. Raises TooManyLogins."""
    _refuse_early(session, username, address)
    caller = hash((username, address_of(address)))
    if told.comes_too_early(caller) or not try_lock(session, "password check"):
        told.to_wait(caller)
        raise TooManyLogins("Another log-in is being checked. Try again in a second.", SOON)
    _refuse_early(session, username, address)


def note_result(session: Session, username: str, address: str, *, is_right: bool) -> None:
    """Ends the count of failures, or adds one to those of the last day."""
    now, row = clock.now(), LoginAttempts
    values = {"address": address_of(address), "username": username}
    if is_right:
        result = {"failures": 0, "succeeded_at": now}
        stored = insert(row).values(**values, **result).on_conflict_do_update(index_elements=[*values], set_=result)
    else:
        log.warning("log_in_failed", username=username, address=address)
        failures = case((row.failed_at < now - MEMORY, 1), else_=row.failures + 1)
        first = insert(row).values(**values, failures=1, failed_at=now)
        stored = first.on_conflict_do_update(index_elements=[*values], set_={"failures": failures, "failed_at": now})
    session.execute(stored)


def forget_old_attempts(session: Session) -> None:
    row, since = LoginAttempts, clock.now() - MEMORY
    latest = func.greatest(row.failed_at, row.succeeded_at)
    session.execute(delete(row).where(latest < since))


def address_of(remote: str) -> str:
    """The network of one customer: an IPv4 address, or the first half of an IPv6 address."""
    try:
        address = ip_address(remote)
    except ValueError:
        return remote
    if address.version == 6 and (mapped := address.ipv4_mapped):
        return str(mapped)
    return str(address) if address.version == 4 else str(ip_network((address, SUBNET), strict=False))


def _refuse_early(session: Session, username: str, remote: str) -> None:
    address, now = address_of(remote), clock.now()
    own = session.get(LoginAttempts, (address, username), populate_existing=True)
    waits = [_wait(own.failures, own.failed_at, now)] if own else []
    names, latest, succeeded = session.execute(_of_address(address, now)).one()
    if succeeded is None or succeeded < now - MEMORY:
        waits.append(_wait(names - MANY_NAMES, latest, now))
    seconds = ceil(max(waits, default=0.0))
    if seconds > 0:
        raise TooManyLogins(f"The password was wrong too often. Try again in {seconds} seconds.", seconds)


def _of_address(address: str, now: datetime) -> Select[int, datetime | None, datetime | None]:
    row = LoginAttempts
    failed = row.failures > 0, row.failed_at > now - MEMORY
    names = func.count().filter(*failed)
    return select(names, func.max(row.failed_at), func.max(row.succeeded_at)).where(row.address == address)


def _wait(failures: int, latest: datetime | None, now: datetime) -> float:
    """Seconds: 2 after the first failure, 4 after the second, and so on."""
    if failures < 1 or latest is None or latest < now - MEMORY:
        return 0.0
    return min(2.0 ** min(failures, 20), LONGEST_WAIT) - (now - latest).total_seconds()
