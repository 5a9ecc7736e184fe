"""Ends the programs that keep running after their run was killed (kill -9)."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM, Signals

import psutil

from deploy.local import postgres_data
from deploy.local.environment import MARK


def end_leftovers(folder: Path, data: Path) -> int:
    """Ends only processes with this folder's mark, and the PostgreSQL server that has `data` open.

    The caller must hold the folder's lock.
    """
    found = _marked(folder)
    # The supervisor first, or it would restart the others; it stops its programs itself.
    _end([process for process in found if "supervisor" in _command_of(process)], patience=30)
    _end([process for process in _marked(folder) if "postgres" not in _command_of(process)], patience=8)
    server = postgres_data.running_server(data)
    if server is not None:
        # SIGINT is PostgreSQL's fast shutdown, which also ends its children.
        _end([server], patience=20, how=SIGINT)
    return len(found)


def _marked(folder: Path) -> list[psutil.Process]:
    ours = psutil.Process()
    skipped = {ours.pid, *(parent.pid for parent in ours.parents())}
    return [one for one in psutil.process_iter() if one.pid not in skipped and _mark_of(one) == str(folder)]


def _mark_of(process: psutil.Process) -> str | None:
    try:
        mark: str | None = process.environ().get(MARK)
    except psutil.Error:
        return None
    return mark


def _command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()[:3])
    except psutil.Error:
        return ""


def _end(processes: Sequence[psutil.Process], patience: float, how: Signals = SIGTERM) -> None:
    _send(processes, how)
    _, stubborn = psutil.wait_procs(processes, timeout=patience)
    _send(stubborn, SIGKILL)
    psutil.wait_procs(stubborn, timeout=5)


def _send(processes: Sequence[psutil.Process], how: Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(how)
