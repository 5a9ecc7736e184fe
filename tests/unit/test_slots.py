"""Calls to one outside system take only a part of the threads."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from order_api.core import slots
from order_api.core.errors import NotYet
from order_api.core.slots import Slots

GATEWAY, WAREHOUSE = "the gateway of card", "the vendor of main"


def test_no_more_calls_than_allowed_are_under_way_at_once() -> None:
    ours, counted = Slots(2), threading.Lock()
    now, most = 0, 0

    def call(_: int) -> None:
        nonlocal now, most
        with ours.taken(GATEWAY):
            with counted:
                now, most = now + 1, max(most, now + 1)
            time.sleep(0.01)
            with counted:
                now -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(24)))

    assert most == 2


def test_a_full_system_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "PATIENCE", 0.0)
    ours = Slots(1)

    with ours.taken(GATEWAY):
        with pytest.raises(NotYet) as full, ours.taken(GATEWAY):
            pass
        with ours.taken(WAREHOUSE), ours.taken(None), ours.taken(None):
            pass

    assert full.value.seconds == slots.COME_BACK
    with ours.taken(GATEWAY):
        pass


def test_behind_a_slow_call_others_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "SLOW", 0.0)
    monkeypatch.setattr(slots, "PATIENCE", 60.0)
    ours = Slots(1)

    with ours.taken(GATEWAY):
        time.sleep(0.01)
        with pytest.raises(NotYet), ours.taken(GATEWAY):
            pass


def test_after_a_slow_call_others_do_not_wait_until_one_was_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that never answers is called anew after each time-out."""
    monkeypatch.setattr(slots, "PATIENCE", 60.0)
    ours = Slots(1)
    monkeypatch.setattr(slots, "SLOW", 0.0)
    with ours.taken(GATEWAY):
        time.sleep(0.01)

    monkeypatch.setattr(slots, "SLOW", 60.0)
    with ours.taken(GATEWAY), pytest.raises(NotYet), ours.taken(GATEWAY):
        pass
    with ThreadPoolExecutor(1) as pool, ours.taken(GATEWAY):
        waiting = pool.submit(take, ours)
        time.sleep(0.05)
        assert not waiting.done()
    waiting.result()


def take(ours: Slots) -> None:
    with ours.taken(GATEWAY):
        pass


def test_a_call_that_fails_leaves_room() -> None:
    ours = Slots(1)
    with pytest.raises(RuntimeError, match="gone"), ours.taken(GATEWAY):
        raise RuntimeError("gone")

    with ours.taken(GATEWAY):
        pass


def test_without_a_limit_all_may_call() -> None:
    with Slots().taken(GATEWAY), Slots().taken(GATEWAY):
        pass
