"""Our gunicorn worker, over real connections: threads get whole requests only, and every refusal is a problem."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse

import psutil
import pytest
import requests

from deploy.local.ports import free_port
from order_api.server.worker import MAX_DETAIL
from tests.fixtures.system import ROOT, wait_until

SOON = 10.0
"""Seconds; more than the patience of the tiny server."""
CONNECTIONS = 120
GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
CHUNKED = b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
Server = tuple[subprocess.Popen[bytes], int]


@pytest.fixture
def server() -> Iterator[Server]:
    yield from started("--worker-connections", str(CONNECTIONS))


def started(*more: str, files: int | None = None) -> Iterator[Server]:
    """One process with two threads."""
    port = free_port()
    size = ["--workers", "1", "--threads", "2", *more, "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", "--config", "python:tests.fixtures.tiny_server", *size]
    limit = ["prlimit", f"--nofile={files}", "--"] if files else []
    process = subprocess.Popen([*limit, *command, "--bind", f"127.0.0.1:{port}"], cwd=ROOT)
    try:
        wait_until(lambda: answers(port), seconds=30, what="an answer of the server")
        yield process, port
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def server_with_few_files() -> Iterator[Server]:
    """It may open fewer files than connections are allowed."""
    yield from started("--worker-connections", "1000", files=60)


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/", timeout=SOON).ok
    except requests.ConnectionError:
        return False


def opened(server: Server, data: bytes = b"", receives: int | None = None) -> socket.socket:
    sock = socket.socket()
    if receives:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
    sock.settimeout(SOON)
    sock.connect(("127.0.0.1", server[1]))
    sock.sendall(data)
    return sock


def answer_on(sock: socket.socket, method: str = "GET") -> tuple[int, bytes]:
    answer = HTTPResponse(sock, method=method)
    answer.begin()
    return answer.status, answer.read()


def is_cut_off(sock: socket.socket) -> bool:
    try:
        return sock.recv(1) == b""
    except ConnectionResetError:
        return True


def everything(sock: socket.socket) -> bytes:
    """Until the server closes."""
    parts = []
    while part := sock.recv(65_536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    "begins",
    [b"", b"G", b"GET /a HTTP/1.1\r\nHost: x\r\nX-", POST + b"12", CHUNKED + b"5\r\n12"],
    ids=["silent", "first byte", "half a header", "half a body", "half a chunk"],
)
def test_unfinished_requests_hold_no_thread(server: Server, begins: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(CONNECTIONS // 2):
            stack.enter_context(closing(opened(server, begins)))

        assert answers(server[1])


def test_clients_who_do_not_read_hold_no_thread(server: Server) -> None:
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(closing(opened(server, GET.replace(b"/a", b"/big"), receives=4_096)))

        assert answers(server[1])


def test_who_comes_too_often_waits_and_holds_no_thread(server: Server) -> None:
    often = GET.replace(b"/a", b"/often")
    with ExitStack() as stack:
        many = [stack.enter_context(closing(opened(server, often + GET))) for _ in range(CONNECTIONS // 2)]
        began = time.monotonic()
        assert answers(server[1])
        assert many[0].recv(12) == b"HTTP/1.1 429"
        assert time.monotonic() - began > 0.2
        for sock in many[1:]:
            seen = b""
            while b"GET /a 0" not in seen:
                seen += sock.recv(1_000)


def test_when_all_connections_are_taken_the_one_that_waited_longest_goes(server: Server) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(closing(opened(server))) for _ in range(CONNECTIONS)]

        assert answers(server[1])
        assert silent[0].recv(1) == b""


def test_when_no_more_files_may_be_opened_the_one_that_waited_longest_goes(server_with_few_files: Server) -> None:
    process, port = server_with_few_files
    workers = psutil.Process(process.pid).children()
    with ExitStack() as stack:
        silent = [stack.enter_context(closing(opened(server_with_few_files))) for _ in range(100)]

        assert answers(port)
        assert is_cut_off(silent[0])
    assert psutil.Process(process.pid).children() == workers, "none has died"


def test_large_requests_that_are_not_whole_take_a_bounded_memory(server: Server) -> None:
    """The tiny server keeps three megabytes of them."""
    large = POST.replace(b": 5", b": 900000") + b"x" * 800_000
    with ExitStack() as stack:
        socks = [stack.enter_context(closing(opened(server, large))) for _ in range(6)]

        assert answers(server[1])
        assert is_cut_off(socks[0])
        socks[-1].sendall(b"x" * 100_000)
        assert answer_on(socks[-1]) == (200, b"POST /a 900000")


def test_a_large_answer_arrives_whole_at_a_client_who_reads_slowly(server: Server) -> None:
    with closing(opened(server, GET.replace(b"/a", b"/big"), receives=4_096)) as sock:
        assert len(answer_on(sock)[1]) == 8_000_000


def test_a_silent_connection_is_closed(server: Server) -> None:
    with closing(opened(server)) as sock:
        assert sock.recv(1) == b""


def test_a_request_that_does_not_end_is_answered(server: Server) -> None:
    with closing(opened(server, POST + b"12")) as sock:
        assert problem_on(sock, 408)["code"] == "request_incomplete"


@pytest.mark.parametrize("whole", [GET, POST + b"12345", CHUNKED + b"2\r\n12\r\n3\r\n345\r\n0\r\n\r\n"])
def test_a_request_may_come_byte_by_byte(server: Server, whole: bytes) -> None:
    with closing(opened(server)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in whole:
            sock.send(bytes([byte]))

        said = b"GET /a 0" if whole == GET else b"POST /a 5"
        assert answer_on(sock) == (200, said)


def test_requests_in_a_row_are_answered_in_their_order(server: Server) -> None:
    requests_ = [GET, POST + b"12345", GET.replace(b"/a", b"/b"), GET.replace(b"/a", b"/last")]
    with closing(opened(server, b"".join(requests_))) as sock:
        answer = everything(sock)

    assert answer.count(b"HTTP/1.1 200 OK") == 4
    places = [answer.index(said) for said in (b"GET /a 0", b"POST /a 5", b"GET /b 0", b"GET /last 0")]
    assert places == sorted(places)


def test_a_connection_stays_open_until_the_application_closes_it(server: Server) -> None:
    with closing(HTTPConnection("127.0.0.1", server[1], timeout=SOON)) as connection:
        seen = []
        for path in ("/a", "/a", "/last"):
            connection.request("GET", path)
            answer = connection.getresponse()
            seen.append((answer.read(), answer.getheader("Connection")))

    assert seen == [(b"GET /a 0", "keep-alive"), (b"GET /a 0", "keep-alive"), (b"GET /last 0", "close")]


def test_a_client_that_asks_first_is_told_to_go_on(server: Server) -> None:
    head = POST.replace(b"Host", b"Expect: 100-continue\r\nHost")
    with closing(opened(server, head)) as sock:
        first = sock.recv(1_000)
        sock.sendall(b"12345")

        assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert answer_on(sock) == (200, b"POST /a 5")


REFUSED = {
    "no request": (b"hello\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "a name with a blank": (b"GET / HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n", 400),
    "a folded header": (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400),
    "two lengths": (POST.replace(b"Host", b"Content-Length: 6\r\nHost") + b"12345", 400),
    "a length that is no number": (POST.replace(b": 5", b": five"), 400),
    "length and chunks": (CHUNKED.replace(b"Host", b"Content-Length: 5\r\nHost") + b"0\r\n\r\n", 400),
    "an unknown coding": (CHUNKED.replace(b"chunked", b"gzip"), 400),
    "a chunk without a size": (CHUNKED + b"no\r\n", 400),
    "a chunk that does not end": (CHUNKED + b"2\r\n123\r\n", 400),
    "a body too large": (POST.replace(b": 5", b": 1000001"), 413),
    "chunks too large": (CHUNKED + b"f4241\r\n" + b"x" * 1_000_001, 413),
    "many small chunks": (CHUNKED + b"1\r\nx\r\n" * 2_001, 413),
    "unprintable bytes": (GET.replace(b"Host", b"\x01" * 30_000 + b"\r\nHost"), 400),
    "a long address": (GET.replace(b"/a", b"/" + b"a" * 5_000), 414),
    "a large header": (GET.replace(b"Host", b"A: " + b"a" * 10_000 + b"\r\nHost"), 431),
    "large headers": (GET.replace(b"Host", b"A: " + b"a" * 40_000 + b"\r\nHost"), 431),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_request_is_refused_and_the_connection_closed(server: Server, name: str) -> None:
    data, status = REFUSED[name]
    with closing(opened(server)) as sock:
        try:
            sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pytest.fail("The server closed before it was read.")

        problem = problem_on(sock, status)
        assert problem["status"] == status
        assert len(str(problem["detail"])) <= MAX_DETAIL, "it repeats what was sent"
        assert everything(sock) == b""
    assert answers(server[1])


def test_a_broken_application_is_answered_for(server: Server) -> None:
    with closing(opened(server, GET.replace(b"/a", b"/broken"))) as sock:
        assert problem_on(sock, 500)["code"] == "internal_error"


def test_a_server_that_stops_answers_what_it_was_asked(server: Server) -> None:
    with closing(opened(server, GET.replace(b"/a", b"/slow"))) as sock, closing(opened(server, GET)) as idle:
        assert answer_on(idle) == (200, b"GET /a 0")
        server[0].send_signal(signal.SIGTERM)

        assert answer_on(sock) == (200, b"GET /slow 0")
        assert idle.recv(1) == b""
    assert server[0].wait(SOON) == 0


def problem_on(sock: socket.socket, status: int) -> dict[str, object]:
    answer = HTTPResponse(sock)
    answer.begin()
    content = json.loads(answer.read())
    assert (answer.status, answer.getheader("Content-Type")) == (status, "application/problem+json")
    assert answer.getheader("Connection") == "close"
    assert content.keys() == {"type", "title", "status", "code", "detail", "request_id"}
    return dict(content)
