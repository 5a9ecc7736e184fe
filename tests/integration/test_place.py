"""Placing an order over the API: what is answered, what is stored."""

from tests.fixtures.service import Client


def test_a_placed_order_is_answered_with_its_address_and_version(channel: Client) -> None:
    answer = channel.post("/v1/orders", channel.body())

    order = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/orders/{order['id']}"
    assert answer.headers["ETag"] == f'"{order["version"]}"'
