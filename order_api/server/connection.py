"""One client's connection: what it has sent of a request, and what it has not taken yet of an answer."""

import socket
from contextlib import suppress
from enum import Enum, auto
from typing import Any

from order_api.server.incoming import Incoming

ENOUGH = 65_536
"""Bytes that are read or sent at once."""


class State(Enum):
    """What the poller waits for."""

    READING = auto()
    """For the next request, or the rest of it."""
    WRITING = auto()
    """For the client to take the rest of the answer."""
    CLOSING = auto()
    """For the client to close its side. Closing first could cost it the answer (RFC 9112, section 9.6)."""


class Outgoing:
    """Looks like a socket to gunicorn and never waits: what the client does not take at once stays here."""

    def __init__(self, socket_: socket.socket) -> None:
        self._socket = socket_
        self._left = bytearray()
        self.is_gone = False
        """Whether the client has closed the connection or was cut off."""
        self.is_held = False
        """Whether the answer waits here until it is released."""

    def sendall(self, data: bytes) -> None:
        self._left += data
        self.flush()

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def flush(self) -> None:
        while self._left and not self.is_held:
            try:
                del self._left[: self._socket.send(self._left[:ENOUGH])]
            except BlockingIOError:
                return
            except OSError:
                self.is_gone = True
                self._left.clear()

    def release(self) -> None:
        self.is_held = False
        self.flush()

    @property
    def left(self) -> int:
        return len(self._left)

    def close(self) -> None:
        self._left.clear()
        self._socket.close()

    def shutdown(self, how: int) -> None:
        with suppress(OSError):
            self._socket.shutdown(how)


class Connection:
    """`sock`, `client`, `server` and `parser` are named as gunicorn's request handling names them."""

    def __init__(self, socket_: socket.socket, client: Any, server: Any) -> None:
        socket_.setblocking(False)
        self.socket, self.client, self.server = socket_, client, server
        self.sock = Outgoing(socket_)
        self.incoming = Incoming()
        self.parser: Any = None
        self.state, self.deadline = State.READING, 0.0
        self.stays_open = False
        """Whether another request may follow the one that is being answered."""
        self.was_told_to_go_on = False
