"""Camunda as a local program: its command line, its settings, and a handle to start, stop, pause and kill it."""

import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.class_archive import WRITABLE, archive_options
from deploy.local.java import java
from deploy.local.ports import LOCALHOST
from deploy.local.problems import LocalProblem
from deploy.local.waiting import wait_until
from deploy.local.web import is_fine

# Compiles less: halves the CPU of a start but slows long runs.
QUICK_START = ["-XX:TieredStopAtLevel=1"]

# A JVM without memory loses some threads and runs on, half alive. Ours exits, and the supervisor starts a new one.
MEMORY = ["-XX:+UseSerialGC", "-Xmx1g", "-XX:+ExitOnOutOfMemoryError"]


def engine_command(jar: Path, quick_start: bool = False) -> list[str]:
    options = QUICK_START if quick_start else []
    archive = archive_options(jar) or ([] if quick_start else WRITABLE)
    # Names all libraries: with -jar, Tasklist and Cockpit do not find their parts in lib.
    classpath = f"{jar}{os.pathsep}{jar.parent / 'lib' / '*'}"
    return [java(), *MEMORY, *options, *archive, "-cp", classpath, "engine.Engine"]


def engine_url(port: int) -> str:
    return f"http://{LOCALHOST}:{port}/engine-rest"


def probe_url(url: str) -> str:
    """The list of engines, which answers without a password as soon as the engine works."""
    return f"{url}/engine"


@dataclass
class LocalEngine:
    jar: Path
    port: int
    jdbc_url: str
    database_user: str
    database_password: str = field(repr=False)
    log: Path
    user: str = "order-service"
    password: str = field(default="secret-of-the-service", repr=False)
    """The service's login."""
    admin_password: str = field(default="admin", repr=False)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return engine_url(self.port)

    def settings(self) -> dict[str, str]:
        return {
            "ENGINE_DB_URL": self.jdbc_url,
            "ENGINE_DB_USER": self.database_user,
            "ENGINE_DB_PASSWORD": self.database_password,
            "ENGINE_ADDRESS": LOCALHOST,
            "ENGINE_PORT": str(self.port),
            "ENGINE_ADMIN_USER": "admin",
            "ENGINE_ADMIN_PASSWORD": self.admin_password,
            "ENGINE_SERVICE_SECRET": self.password,
        }

    def command(self) -> list[str]:
        """For tests: a quick start but slower runs."""
        return engine_command(self.jar, quick_start=True)

    def start(self) -> None:
        """Returns when the REST API answers."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command(), env={**os.environ, **self.settings()}, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_ready()

    def wait_until_ready(self, seconds: float = 180) -> float:
        late = f"The workflow engine did not answer within {seconds:.0f} s: see {self.log}."
        return wait_until(self._is_ready, seconds, late, pause=0.1)

    def _is_ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise LocalProblem(f"The workflow engine ended at once: the reason is in the last lines of {self.log}.")
        return is_fine(probe_url(self.url))

    def stop(self) -> None:
        self._end_by(signal.SIGTERM)

    def kill(self) -> None:
        self._end_by(signal.SIGKILL)

    def pause(self) -> None:
        """Makes the engine alive but silent, like a swapping machine or a long garbage collection."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _end_by(self, how: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(how)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(30)
