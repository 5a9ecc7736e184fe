"""What a vendor's word on goods does to an order, its stock and its undo."""

from uuid import UUID, uuid4

import pytest

from order_api.access.actor import system
from order_api.core.database import transaction
from order_api.reservations.reserve import reserve_item
from order_api.reservations.take import take_stock
from order_api.shipments.errors import TooLate
from order_api.shipments.models import Shipment
from order_api.shipments.recall import refuse_too_late
from order_api.shipments.ship import ship_parcel
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.orders import Json, line
from tests.fixtures.service import Client
from tests.integration.test_goods import parcel, read


@pytest.fixture
def order(channel: Client) -> Json:
    """Five units of one line, two of another."""
    return hand_to_fulfillment(channel.place(line("10.00", 5), line("3.00", 2, id="2")))


def from_vendor(order: Json, quantities: dict[UUID, int], tracking_number: str) -> Shipment | None:
    with transaction() as session:
        sent = {"carrier": "own_fleet", "tracking_number": tracking_number}
        return ship_parcel(session, system("warehouse"), UUID(order["id"]), quantities, **sent)  # type: ignore[arg-type]


def test_an_order_of_which_a_unit_left_is_too_late_to_undo(warehouse: Client, order: Json) -> None:
    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 1))

    with pytest.raises(TooLate):
        refuse_too_late(UUID(order["id"]))


def test_a_parcel_of_a_vendor_counts_only_units_that_nobody_told_before(warehouse: Client, order: Json) -> None:
    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 4))
    first, second = (UUID(item["id"]) for item in order["items"])

    for _ in range(2):
        assert from_vendor(order, {first: 5, second: 2}, "W-1")

    assert [item["shipped_quantity"] for item in read(warehouse, order)["items"]] == [5, 2]
    assert from_vendor(order, {first: 5}, "W-2") is None


def test_a_hold_whose_units_have_all_left_is_taken(warehouse: Client, order: Json) -> None:
    item = order["items"][1]
    warehouse.post("/v1/inventory/receipts", {"reference": str(uuid4()), "sku": item["sku"], "quantity": 1000})
    reserve_item(system("test"), UUID(order["id"]), UUID(item["id"]))
    for number, units in (("TN-1", 1), ("TN-2", 1)):
        [before] = read(warehouse, order)["reservations"]
        assert before["status"] == "held"
        body = parcel(order, 0, units, tracking_number=number)
        shipped = warehouse.post(f"/v1/orders/{order['id']}/shipments", body | {"lines": body["lines"][1:]})
        take_stock(system("test"), UUID(order["id"]), UUID(shipped.get_json()["id"]))

    [after] = read(warehouse, order)["reservations"]
    assert after["status"] == "taken"
