"""A refund takes exactly what was previewed off the bill, and pays it back once to the captures it came from."""

import pytest

from tests.factories.refunds import Refunds, three_lines
from tests.fixtures.service import Client

ONE_BROKEN = {"items": [{"line_id": "1", "quantity": 1, "goods": "broken"}]}


def shipping(refunds: Refunds) -> str:
    order = refunds.client.get(f"/v1/orders/{refunds.money.id}").get_json()
    return str(order["ship_groups"][0]["charges"][0]["id"])


@pytest.fixture
def refunds(channel: Client) -> Refunds:
    """The order of the worked cases AS04 to AS08, all shipped in one parcel and paid: 116.49."""
    money = three_lines(channel)
    money.authorize()
    money.capture(money.ship(**{"1": 3, "2": 1, "3": 2}))
    return Refunds(channel, money)


def test_one_of_three_arrived_broken_and_the_shipping_goes_back(refunds: Refunds) -> None:
    """AS04."""
    body = {**ONE_BROKEN, "charges": [{"charge_id": shipping(refunds)}]}

    preview = refunds.preview(**body).get_json()
    paid = refunds.paid(**body, digest=preview["digest"])

    assert [(p["line_id"], p["charge_type"], p["amount"], p["net"], p["remaining"]) for p in preview["parts"]] == [
        ("1", None, "19.70", "18.20", "39.40"),
        (None, "shipping", "6.48", "5.99", "0.00"),
    ]
    assert (preview["amount"], preview["paid_back"], preview["due_after"]) == ("26.18", "26.18", "90.31")
    assert (paid["state"], paid["amount"], paid["paid_back"]) == ("paid", "26.18", "26.18")
    [payment] = paid["payments"]
    assert (payment["kind"], payment["status"], payment["amount"]) == ("refund", "done", "26.18")
    assert payment["trace_number"].startswith("ARN")
    assert payment["expected_by"]
    assert refunds.sums("due", "captured", "refunded", "outstanding") == (
        "90.31",
        "116.49",
        "26.18",
        "0.00",
    )
