"""The servers of the partners, and how a system comes to use them."""

import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

from tests.fixtures.system import HELD_UP, ROOT, System
from tests.partners.adapters import ENTRY_POINTS, SCREENER, port_setting


class Partner:
    """Takes every connection and answers it, unless it is silent."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._speaks = threading.Event()
        self._speaks.set()

    def fall_silent(self) -> None:
        self._speaks.clear()

    def speak(self) -> None:
        self._speaks.set()

    def wait(self) -> None:
        self._speaks.wait(HELD_UP)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, block_on_close, request_queue_size = True, False, 128


@contextmanager
def partner() -> Iterator[Partner]:
    class Answer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1)
            here.wait()
            with suppress(OSError):  # The caller may have given up.
                self.request.send(b"!")

    with _Server(("127.0.0.1", 0), Answer) as server:
        here = Partner(server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield here
        finally:
            here.speak()
            server.shutdown()


@contextmanager
def partners_of(system: System, folder: Path, *roles: str) -> Iterator[dict[str, Partner]]:
    """Programs that start inside the block ask these partners."""
    before = system.env
    with ExitStack() as stack:
        partners = {role: stack.enter_context(partner()) for role in roles}
        ports = {port_setting(role): str(here.port) for role, here in partners.items()}
        path = [_installed(folder, roles), *before.get("PYTHONPATH", str(ROOT)).split(os.pathsep)]
        system.env = before | ports | {"PYTHONPATH": os.pathsep.join(path)}
        if SCREENER in roles:
            system.env["FRAUD_SCREENER"] = ENTRY_POINTS[SCREENER][1]
        yield partners
        system.env = before


def _installed(folder: Path, roles: tuple[str, ...]) -> str:
    """A folder of packages in which pip has installed the adapters."""
    metadata = folder / "partners-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: partners\nVersion: 1.0\n")
    chosen = [ENTRY_POINTS[role] for role in roles]
    points = [f"[{group}]\n{key} = tests.partners.adapters:{name}\n" for group, key, name in chosen]
    (metadata / "entry_points.txt").write_text("".join(points))
    return str(folder)


def calls_under_way(system: System, program: str, port: int) -> int:
    """Connections of the program to this port."""
    connections = psutil.Process(system.running[program].pid).net_connections("tcp")
    return sum(c.raddr.port == port and c.status == psutil.CONN_ESTABLISHED for c in connections if c.raddr)
