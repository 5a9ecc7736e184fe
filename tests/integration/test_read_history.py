"""The history of an order over the API: oldest first, in pages, at any length."""

import base64
import json
from typing import Any

import pytest

from tests.factories.orders import Json
from tests.fixtures.service import Client


@pytest.fixture
def order(channel: Client) -> Json:
    """An order with five events: placed, and four notes."""
    order = channel.place()
    for text in ("one", "two", "three", "four"):
        assert channel.post(f"/v1/orders/{order['id']}/notes", {"text": text}).status_code == 201
    return order


def page(channel: Client, order: Json, **query: Any) -> Json:
    answer = channel.get(f"/v1/orders/{order['id']}/history", **query)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def all_pages(channel: Client, order: Json, **query: Any) -> list[list[int]]:
    answer = page(channel, order, **query)
    rest = all_pages(channel, order, **{**query, "cursor": answer["next_cursor"]}) if answer["next_cursor"] else []
    return [[event["sequence"] for event in answer["events"]], *rest]


def test_a_short_history_is_one_page(channel: Client, order: Json) -> None:
    history = page(channel, order)

    assert [event["sequence"] for event in history["events"]] == [1, 2, 3, 4, 5]
    assert history["next_cursor"] is None


@pytest.mark.parametrize(("limit", "pages"), [(2, [[1, 2], [3, 4], [5]]), (5, [[1, 2, 3, 4, 5]])])
def test_pages_together_are_the_history(channel: Client, order: Json, limit: int, pages: list[list[int]]) -> None:
    assert all_pages(channel, order, limit=limit) == pages


def test_what_happens_meanwhile_comes_on_a_later_page(channel: Client, order: Json) -> None:
    first = page(channel, order, limit=4)
    channel.post(f"/v1/orders/{order['id']}/notes", {"text": "five"})

    rest = page(channel, order, cursor=first["next_cursor"])

    assert [event["sequence"] for event in rest["events"]] == [5, 6]


@pytest.mark.parametrize("key", [[], ["x"], [None], [-1], [2**63], [1.5], [1, 2], "x"])
def test_a_cursor_of_something_else_is_refused(channel: Client, order: Json, key: Any) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(key).encode()).decode()

    answer = channel.get(f"/v1/orders/{order['id']}/history", cursor=cursor)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "cursor_invalid")


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "1001"), ("after", "3")])
def test_a_query_that_makes_no_sense_is_refused_by_name(channel: Client, order: Json, name: str, value: str) -> None:
    answer = channel.get(f"/v1/orders/{order['id']}/history", **{name: value})

    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, name)


@pytest.mark.parametrize("path", ["", "/history"])
def test_an_answer_is_never_cached_and_if_none_match_is_ignored(channel: Client, order: Json, path: str) -> None:
    address = f"/v1/orders/{order['id']}"
    etag = channel.get(address).headers["ETag"]

    answer = channel.call("GET", address + path, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
