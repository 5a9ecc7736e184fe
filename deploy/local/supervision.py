"""Supervisor owns the programs: it restarts each one that ends, and stops them one after the other."""

import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import xmlrpc.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]

from deploy.local.places import CHECKOUT
from deploy.local.problems import LocalProblem
from deploy.local.programs import Program
from deploy.local.waiting import wait_until

GIVEN_UP = {"FATAL", "UNKNOWN"}
# Supervisor waits a second longer before each try and gives up after the last; `watch` then starts a new series.
MAX_TRIES = 10


class Supervision:
    def __init__(self, folder: Path, programs: list[Program], environment: Mapping[str, str]) -> None:
        self.folder, self.programs, self.environment = folder, programs, environment
        self.configuration = folder / "supervisord.conf"
        # Not in our folder, because the path of a socket is limited to about a hundred characters.
        self._socket_folder = tempfile.TemporaryDirectory(prefix="order-service-")
        self.socket = Path(self._socket_folder.name) / "supervisor.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts Supervisor itself; each program waits for `run`."""
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        self.configuration.write_text(configuration_of(self.folder, self.socket, self.programs), encoding="utf-8")
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self.configuration)]
        # In its own session, so Ctrl-C reaches only `make run`, which then stops everything in order.
        self.process = subprocess.Popen(
            command, env=dict(self.environment), cwd=CHECKOUT, stdin=subprocess.DEVNULL, start_new_session=True
        )
        wait_until(self._listens, 20, f"The supervisor did not start: see {self.folder / 'log' / 'supervisord.log'}.")

    def run_given_up(self) -> list[str]:
        """Restarts what Supervisor gave up on, with new tries and the shortest pause: the cause may be over."""
        given_up = [name for name, state in self.states().items() if state in GIVEN_UP]
        for name in given_up:
            self.run(name)
        return given_up

    def run(self, name: str) -> None:
        self._call("startProcess", name, False)

    def states(self) -> dict[str, str]:
        """Program → STOPPED, STARTING, RUNNING, BACKOFF (ended too soon, tried again), FATAL (given up) …"""
        return {known["name"]: known["statename"] for known in self._call("getAllProcessInfo")}

    def process_ids(self) -> dict[str, int]:
        """Program → process id, 0 while it does not run."""
        return {known["name"]: known["pid"] for known in self._call("getAllProcessInfo")}

    def require_alive(self, name: str) -> None:
        if self.states().get(name) in GIVEN_UP | {"BACKOFF"}:
            raise LocalProblem(
                f"The program '{name}' ended right after its start{last_words(self.folder / 'log' / f'{name}.log')}"
            )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
        self._socket_folder.cleanup()

    def _listens(self) -> bool:
        if not self.is_alive():
            raise LocalProblem(f"The supervisor ended at once{last_words(self.folder / 'log' / 'supervisord.log')}")
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.socket)) == 0

    def _call(self, method: str, *arguments: object) -> Any:
        proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", SupervisorTransport(None, None, f"unix://{self.socket}"))
        return getattr(proxy.supervisor, method)(*arguments)


def configuration_of(folder: Path, socket_file: Path, programs: list[Program]) -> str:
    head = [
        "; Written by `make run`. To look at the programs: supervisorctl -c <this file> status",
        "[supervisord]",
        "nodaemon=true",
        "silent=true",
        "user=root" if any(program.user for program in programs) else "",
        f"logfile={_escaped(str(folder / 'log' / 'supervisord.log'))}",
        f"pidfile={_escaped(str(folder / 'supervisord.pid'))}",
        f"childlogdir={_escaped(str(folder / 'log'))}",
        f"[unix_http_server]\nfile={socket_file}\nchmod=0700",
        f"[supervisorctl]\nserverurl=unix://{socket_file}",
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
    ]
    return (
        "\n".join(
            [line for line in head if line] + [_section(folder, *numbered) for numbered in enumerate(programs, 1)]
        )
        + "\n"
    )


def _section(folder: Path, position: int, program: Program) -> str:
    lines = [
        f"[program:{program.name}]",
        f"command={_escaped(shlex.join(program.command))}",
        f"user={program.user}" if program.user else "",
        f"priority={position}",
        f"autostart=false\nautorestart=true\nstartsecs=1\nstartretries={MAX_TRIES}",
        f"stopsignal={program.stop_signal}\nstopwaitsecs=20\nstopasgroup=false\nkillasgroup=true",
        f"stdout_logfile={_escaped(str(folder / 'log' / (program.name + '.log')))}",
        "redirect_stderr=true\nstdout_logfile_maxbytes=10MB\nstdout_logfile_backups=1",
    ]
    return "\n".join(line for line in lines if line)


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def last_words(log: Path) -> str:
    lines = (
        [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()] if log.exists() else []
    )
    return f" ({lines[-1][:300]}): see {log}." if lines else f": see {log}."
