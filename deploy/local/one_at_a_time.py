from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from deploy.local.problems import LocalProblem


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Allows one run or reset per folder. The operating system frees the lock even if its owner is killed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_name(folder.name + ".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LocalProblem(
            "The order service of this checkout is running already: stop it first with Ctrl-C in its window."
        ) from None
    try:
        yield
    finally:
        lock.release()
