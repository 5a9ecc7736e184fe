"""`order-service warehouse`: the builtin warehouse ships and delivers on call."""

import pytest

from tests.commands.test_commands import typed
from tests.fixtures.shop import Json, Shop


@pytest.fixture
def order(shop: Shop) -> Json:
    order = shop.place(shop.line(quantity=2))
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    return order


def test_an_order_is_shipped_by_its_number_and_delivered_by_its_id(shop: Shop, order: Json) -> None:
    shipped = shop.system.command("warehouse", "ship", order["number"])
    shop.wait_for_item_status(order["id"], "shipped")
    delivered = shop.system.command("warehouse", "deliver", order["id"])

    shop.wait_for_status(order["id"], "completed")
    [shipment] = shop.order(order["id"])["shipments"]
    assert shipped == f"Units shipped in the parcel {shipment['tracking_number']}: 2.\n"
    assert delivered == "Parcels delivered: 1.\n"


def test_what_has_not_left_cannot_arrive(shop: Shop, order: Json) -> None:
    result = typed(shop, "warehouse", "deliver", order["number"])

    assert result.returncode == 1
    assert result.stderr.startswith("Error: The warehouse has no parcel of this order on its way")


def test_what_has_left_does_not_leave_again(shop: Shop, order: Json) -> None:
    shop.system.command("warehouse", "ship", order["number"])

    result = typed(shop, "warehouse", "ship", order["number"])

    assert result.returncode == 1
    assert result.stderr.startswith("Error: The warehouse has nothing to ship for this order")


@pytest.mark.parametrize("name", ["NO-SUCH-NUMBER", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_order_is_reported_in_one_sentence(shop: Shop, name: str) -> None:
    result = typed(shop, "warehouse", "ship", name)

    assert result.returncode == 1
    assert result.stderr == f"Error: There is no order with the id or number {name}.\n"
