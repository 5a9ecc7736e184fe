"""A gunicorn worker whose threads get only whole requests and never wait for a client.

The poller collects requests and sends the rest of answers, for all connections at once. So a client that is silent or
slow holds a connection but no thread, and when all connections are taken, the one that has waited longest goes.
"""

import errno
import json
import selectors
import sys
import time
from collections import deque
from functools import partial
from http import HTTPStatus
from socket import SHUT_WR
from typing import Any
from uuid import uuid4

import structlog
from gunicorn import http
from gunicorn.http import errors
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from order_api.core import problem
from order_api.core.error_codes import code_of_status
from order_api.server.connection import ENOUGH, Connection, State
from order_api.server.incoming import RequestRefused

SWITCH_INTERVAL = 0.0005
"""Seconds. A request waits for the interpreter once for each answer of the database: by default up to 5 ms each time,
while another thread computes."""
MAX_DETAIL = 200
"""Characters: the reason may repeat what was sent, which would fill the log."""
FIRST_BYTE = 5.0
"""Seconds until a new connection sends something."""
WHOLE_REQUEST = 30.0
"""Seconds from the first byte of a request to its last."""
WHOLE_ANSWER = 30.0
"""Seconds in which a client takes an answer."""
LINGER = 2.0
"""Seconds in which a client closes its side after the last answer."""
MAX_WAITING = 100_000_000
"""Bytes of answers that clients have not taken, of all connections together."""
MAX_UNFINISHED = 100_000_000
"""Bytes of large requests that are not whole, of all connections together."""
NO_FILE_LEFT = (errno.EMFILE, errno.ENFILE)
LOOK_EVERY = 0.25
"""Seconds between two looks for connections whose time is over."""
HOLD = 0.5
"""Seconds for which an answer is held that says `Too many requests`, so that a client who repeats at once cannot keep
our processors busy."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
STATUSES = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
}
"""Of what gunicorn finds wrong with a request; everything else is a bad request."""
log = structlog.get_logger()


class BufferingWorker(ThreadWorker):
    wsgi: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._polled: dict[Connection, None] = {}
        """Connections that the poller watches, the one that has waited longest first."""
        self._held: deque[tuple[float, Connection]] = deque()
        """Answers, and when they go."""
        self._next_look = 0.0

    def accept(self, listener: Any) -> None:
        try:
            socket, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            if error.errno not in NO_FILE_LEFT or not self._polled:
                raise
            self._drop(next(iter(self._polled)))
            return
        self.nr_conns += 1
        conn = Connection(socket, client, listener.getsockname())
        self._watch(conn, State.READING, FIRST_BYTE)
        if self.nr_conns >= self.worker_connections:
            self._drop(next(iter(self._polled)))

    # The poller's side.

    def _watch(self, conn: Connection, state: State, seconds: float) -> None:
        conn.state, conn.deadline = state, time.monotonic() + seconds
        event = selectors.EVENT_WRITE if state == State.WRITING else selectors.EVENT_READ
        if conn in self._polled:
            self.poller.modify(conn.socket, event, partial(self._go_on, conn))
            self._polled.pop(conn)
        else:
            self.poller.register(conn.socket, event, partial(self._go_on, conn))
        self._polled[conn] = None

    def _forget(self, conn: Connection) -> None:
        self.poller.unregister(conn.socket)
        self._polled.pop(conn)

    def _drop(self, conn: Connection) -> None:
        if conn in self._polled:
            self._forget(conn)
        self.nr_conns -= 1
        conn.sock.close()

    def _go_on(self, conn: Connection, _socket: Any) -> None:
        """The client has sent something, or has taken something, or is gone. One that was dropped in this round to make
        room may still have an event in it."""
        if conn not in self._polled:
            return
        if conn.state == State.WRITING:
            conn.sock.flush()
            self._after_answer(conn)
            return
        try:
            data = conn.socket.recv(ENOUGH)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
        elif conn.state == State.READING:
            self._receive(conn, data)

    def _receive(self, conn: Connection, data: bytes = b"") -> None:
        is_new = bool(data) and not conn.incoming.has_begun
        try:
            request = conn.incoming.receive(data)
        except RequestRefused as refused:
            self._refuse(conn, refused.status, refused.detail)
            return
        if request is not None:
            self._forget(conn)
            conn.parser = http.get_parser(self.cfg, [request], conn.client)
            self.enqueue_req(conn)
            return
        if is_new:
            self._watch(conn, State.READING, WHOLE_REQUEST)
            conn.was_told_to_go_on = False
        if conn.incoming.size > ENOUGH:
            self._make_room()
        if conn in self._polled and conn.incoming.wants_continue and not conn.was_told_to_go_on:
            conn.was_told_to_go_on = True
            conn.sock.sendall(CONTINUE)

    def _make_room(self) -> None:
        """Where large requests that are not whole take too much memory, the one that has waited longest goes."""
        large = [each for each in self._polled if each.incoming.size > ENOUGH]
        if sum(each.incoming.size for each in large) > MAX_UNFINISHED:
            self._drop(large[0])

    def _refuse(self, conn: Connection, status: int, detail: str) -> None:
        """Nothing that follows on this connection can be told from the request that is wrong."""
        detail = detail[:MAX_DETAIL]
        log.warning("request_refused", status=status, detail=detail, client=str(conn.client))
        conn.stays_open = False
        conn.sock.sendall(answer(status, detail))
        self._after_answer(conn)

    def _after_answer(self, conn: Connection) -> None:
        """The client takes the rest of it, sends its next request, or closes the connection."""
        if conn.sock.is_gone:
            self._drop(conn)
        elif conn.sock.left:
            if conn.state != State.WRITING or conn not in self._polled:
                self._watch(conn, State.WRITING, WHOLE_ANSWER)
            if sum(each.sock.left for each in self._polled) > MAX_WAITING:
                self._drop(conn)
        elif conn.stays_open:
            began = conn.incoming.has_begun
            idle = self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER
            self._watch(conn, State.READING, WHOLE_REQUEST if began else idle)
            if began:
                self._receive(conn)
        else:
            conn.sock.shutdown(SHUT_WR)
            self._watch(conn, State.CLOSING, LINGER)

    def murder_pending(self) -> None:
        """gunicorn calls this after all that has happened."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY
        while self._held and self._held[0][0] < now:
            self._release(self._held.popleft()[1])
        for conn in [each for each in self._polled if each.deadline < now]:
            if conn.state == State.READING and conn.incoming.has_begun:
                self._refuse(conn, 408, f"A whole request must come within {WHOLE_REQUEST:.0f} seconds.")
            else:
                self._drop(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        if force:
            while self._held:
                self._release(self._held.popleft()[1])
            for conn in list(self._polled):
                self._drop(conn)

    def _release(self, conn: Connection) -> None:
        conn.sock.release()
        self._after_answer(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, LOOK_EVERY))

    def _cap_keepalive(self, deadline: float) -> None:
        for conn in self._polled:
            if conn.state == State.READING and not conn.incoming.has_begun:
                conn.deadline = min(conn.deadline, deadline)

    # A thread's side.

    def load_wsgi(self) -> None:
        """An application that answers with `Connection: close` has the connection closed. What tells a client to come
        later is held."""
        super().load_wsgi()
        application = self.wsgi

        def closing(environ: Any, start_response: Any) -> Any:
            def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
                response = start_response.__self__
                if ("Connection", "close") in headers:
                    response.force_close()
                response.sock.is_held = status.startswith("429")
                return start_response(status, headers, exc_info)

            return application(environ, start)

        self.wsgi = closing

    def handle(self, conn: Any) -> bool:
        """Returns whether the connection stays open."""
        request = None
        try:
            request = next(conn.parser)
            return bool(self.handle_request(request, conn))
        except StopIteration:
            return False
        except Exception as error:  # noqa: BLE001 - the client gets an answer in any case
            self.handle_error(request, conn.sock, conn.client, error)
            return False

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """`client` is where the answer goes."""
        if isinstance(exc, errors.ParseException):
            status = STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST)
            detail = str(exc)[:MAX_DETAIL]
            log.warning("request_refused", status=status, detail=detail, client=str(addr))
            client.sendall(answer(status, detail))
        else:
            log.exception("internal_error", client=str(addr))
            client.sendall(answer(HTTPStatus.INTERNAL_SERVER_ERROR, problem.OUR_FAULT))

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Back in the poller."""
        conn.stays_open = not fs.cancelled() and fs.exception() is None and fs.result()
        if conn.sock.is_held:
            self._held.append((time.monotonic() + HOLD, conn))
        else:
            self._after_answer(conn)


def answer(status: int, detail: str) -> bytes:
    """The whole answer, after which the connection is closed."""
    content = json.dumps(problem.content(status, code_of_status(status), detail, uuid4().hex)).encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {problem.CONTENT_TYPE}\r\n"
        f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + content
