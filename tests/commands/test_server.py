"""How the API's server treats connections."""

import select
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.fixtures.shop import Shop

LONGER_THAN_A_POLL = 5.0


def test_an_idle_connection_is_not_closed_under_a_client_that_polls(shop: Shop) -> None:
    """A server that closes first may cut off the next request; its client sees a broken connection."""
    with closing(HTTPConnection(urlsplit(shop.system.url).netloc)) as connection:
        assert ask(connection) == 200
        before = connection.sock

        closed, _, _ = select.select([before], [], [], LONGER_THAN_A_POLL)

        assert not closed
        assert ask(connection) == 200
        assert connection.sock is before


def ask(connection: HTTPConnection) -> int:
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    answer.read()
    return answer.status
