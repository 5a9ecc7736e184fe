"""A program runs until a signal, which may come at any time."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from tests.fixtures.system import PATIENCE
from workers.process import run_until_stopped


@pytest.fixture(autouse=True)
def handlers_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_comes_while_the_program_begins_to_wait_for_it_ends_the_program(number: signal.Signals) -> None:
    was_stopped = threading.Event()
    inside_the_wait = threading.Lock()

    def run() -> None:
        with inside_the_wait:
            os.kill(os.getpid(), number)
            arrived.wait(PATIENCE)
        assert was_stopped.wait(PATIENCE)

    def stop() -> None:
        arrived.set()
        with inside_the_wait:
            was_stopped.set()

    arrived = threading.Event()
    run_until_stopped(run, stop)

    assert was_stopped.is_set()


def test_a_program_that_fails_ends_with_its_error() -> None:
    def run() -> None:
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        run_until_stopped(run, lambda: None)
