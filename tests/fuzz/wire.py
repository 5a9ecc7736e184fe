"""Requests that are no HTTP, or nearly."""

import socket
from random import Random
from urllib.parse import urlsplit

from tests.fuzz.whole_life import Callers

LINES = [
    *(b"GET / HTTP/1.1", b"POST /v1/orders HTTP/1.1", b"get / http/1.1", b"GET  / HTTP/1.1", b"GET / HTTP/9.9", b""),
    *(b"GET /v1/orders?cursor=\xff HTTP/1.1", b"GET http://evil.example/ HTTP/1.1", b"\x16\x03\x01\x02"),
    *(b"OPTIONS * HTTP/1.1", b"CONNECT x:1 HTTP/1.1", b"TRACE / HTTP/1.1", b"PUT /v1/orders HTTP/1.0"),
    *(b"GET /%00 HTTP/1.1", b"GET /" + b"a" * 40_000 + b" HTTP/1.1", b"GET /\x00 HTTP/1.1"),
    *(b"GET /v1/orders/%2e%2e/ HTTP/1.1", b"GET //v1//orders HTTP/1.1", b"POST /v1/tokens HTTP/1.1"),
]
HEADERS = [
    *(b"Host: x", b"Host: x\r\nHost: y", b"Content-Length: 5", b"Content-Length: -1", b"Content-Length: 5, 6"),
    *(b"Content-Length: 99999999999999999999", b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked, gzip"),
    *(b"Transfer-Encoding: identity", b"Expect: 100-continue", b"Connection: upgrade\r\nUpgrade: h2c", b": x"),
    *(b"Authorization: Bearer \xff\x00", b"Authorization: " + b"a" * 30_000, b"X\x00: y", b" folded: x"),
    *(b"X: \r\n y", b"Idempotency-Key: " + b"k" * 300, b'If-Match: "\xff"', b"Content-Encoding: gzip"),
    *(b"Cookie: session=\xff; =", b"Content-Type: application/json; charset=utf-16", b"Range: bytes=-1"),
    *(b"Content-Type: multipart/form-data", b"X-Forwarded-For: " + b"1.1.1.1," * 500),
]
BODIES = [
    *(b"", b"{}", b'5\r\n{"a":\r\n', b"0\r\n\r\n", b"zz\r\n", b"fffffffffffffffff\r\n", b"-1\r\nx\r\n"),
    *(b"\xff" * 70_000, b"1;" + b"e" * 9_000 + b"\r\nx\r\n", b"2\r\n{}\r\n0\r\nTrailer: x\r\n\r\n"),
    *(b"{" * 50_000, b"[" * 100_000),
]
PATIENCE = 8


def send_odd_bytes(callers: Callers, dice: Random) -> None:
    """The server answers below 500, or ends the connection."""
    head = [dice.choice(LINES), *dice.sample(HEADERS, dice.randrange(5))]
    sent = b"\r\n".join(head) + b"\r\n\r\n" + dice.choice(BODIES)
    if dice.random() < 0.3:
        at = dice.randrange(len(sent))
        sent = sent[:at] + dice.randbytes(dice.randrange(4)) + sent[at + 1 :]
    address = urlsplit(callers.channel.url)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as sock:
        try:
            sock.sendall(sent)
            sock.shutdown(socket.SHUT_WR)
            answer = sock.recv(65_536)
        except (ConnectionError, TimeoutError):
            answer = b""
    callers.channel.tally.add("raw HTTP", status_of(answer), repr(sent[:500]))


def status_of(answer: bytes) -> int:
    """0 if the server ended the connection without an answer."""
    words = answer.split(b" ", 2)
    return int(words[1]) if answer.startswith(b"HTTP/1.") and len(words) > 2 else 0
