"""How the API's server treats connections."""

import select
import socket
from urllib.parse import urlsplit

from tests.fixtures.shop import Shop

LONGER_THAN_A_POLL = 5.0
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_an_idle_connection_is_not_closed_under_a_client_that_polls(shop: Shop) -> None:
    """A server that closes first may close into the next request; that client sees a broken connection."""
    address = urlsplit(shop.system.url)
    with socket.create_connection((address.hostname or "", address.port or 0)) as connection:
        connection.sendall(REQUEST)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")

        closed, _, _ = select.select([connection], [], [], LONGER_THAN_A_POLL)

        assert not closed
        connection.sendall(REQUEST)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
