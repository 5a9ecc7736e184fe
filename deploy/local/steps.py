import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(sentence: str) -> None:
    print(sentence, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Prints a step when it begins, and how long it took when it ends."""
    started = time.monotonic()
    say(f"  … {what}")
    yield
    say(f"  ✓ {what} ({time.monotonic() - started:.1f} s)")
