"""Effects of a vendor's report on an order, its stock and its undo."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from order_api.access.actor import system_actor
from order_api.core.database import transaction
from order_api.reservations.models import Bin
from order_api.reservations.take import take_stock
from order_api.shipments.errors import TooLate
from order_api.shipments.models import Shipment
from order_api.shipments.repository import requests_of
from order_api.shipments.ship import ship_parcel
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.orders import Json, line
from tests.factories.stories import recall_goods, reserve_item
from tests.fixtures.service import Client
from tests.integration.test_goods import parcel, read


@pytest.fixture
def order(channel: Client) -> Json:
    """Five units of one line, two of another."""
    return hand_to_fulfillment(channel.place(line("10.00", 5), line("3.00", 2, line_id="2")))


def from_vendor(order: Json, quantities: dict[UUID, int], tracking_number: str) -> Shipment | None:
    with transaction() as session:
        sent = {"carrier": "own_fleet", "tracking_number": tracking_number}
        return ship_parcel(session, system_actor("warehouse"), UUID(order["id"]), quantities, **sent)  # type: ignore[arg-type]


def test_an_order_with_a_shipped_unit_can_no_longer_be_recalled(warehouse: Client, order: Json) -> None:
    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 1))

    with pytest.raises(TooLate):
        recall_goods(system_actor("test"), UUID(order["id"]))


def test_an_item_is_recalled_in_time_although_a_unit_of_another_left(warehouse: Client, order: Json) -> None:
    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 1))
    first, second = (UUID(item["id"]) for item in order["items"])

    recall_goods(system_actor("test"), UUID(order["id"]), second)

    assert requests_by_item(order) == {first: "accepted", second: "canceled"}
    with pytest.raises(TooLate):
        recall_goods(system_actor("test"), UUID(order["id"]), first)


def requests_by_item(order: Json) -> dict[UUID, str]:
    with transaction() as session:
        return {row.item_id: row.status for row in requests_of(session, UUID(order["id"]))}


def test_a_parcel_of_a_vendor_counts_only_units_not_reported_before(warehouse: Client, order: Json) -> None:
    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 4))
    first, second = (UUID(item["id"]) for item in order["items"])

    for _ in range(2):
        assert from_vendor(order, {first: 5, second: 2}, "W-1")

    assert [item["shipped_quantity"] for item in read(warehouse, order)["items"]] == [5, 2]
    assert from_vendor(order, {first: 5}, "W-2") is None


def ship_two_parcels_from_stock(warehouse: Client, order: Json) -> list[str]:
    """Both lines have the same sku. Receives and reserves stock; returns the ids of two parcels with units of both."""
    sku = order["items"][0]["sku"]
    warehouse.post("/v1/inventory/receipts", {"reference": str(uuid4()), "sku": sku, "quantity": 1000})
    for item in order["items"]:
        reserve_item(system_actor("test"), UUID(order["id"]), UUID(item["id"]))
    parcels = [parcel(order, 3, 1, tracking_number="TN-1"), parcel(order, 2, 1, tracking_number="TN-2")]
    return [warehouse.post(f"/v1/orders/{order['id']}/shipments", body).get_json()["id"] for body in parcels]


@pytest.fixture
def sku() -> str:
    return f"SKU-{uuid4()}"


def test_a_reservation_whose_units_have_all_left_is_taken_parcel_by_parcel(
    warehouse: Client, channel: Client, sku: str
) -> None:
    """Both parcels may be recorded before the stock of the first is taken."""
    order = hand_to_fulfillment(channel.place(line("10.00", 5, sku=sku), line("3.00", 2, line_id="2", sku=sku)))
    for shipment_id in ship_two_parcels_from_stock(warehouse, order) * 2:
        with transaction() as session:
            take_stock(session, system_actor("test"), UUID(order["id"]), UUID(shipment_id))

    assert [row["status"] for row in read(warehouse, order)["reservations"]] == ["taken", "taken"]
    with transaction() as session:
        [bin_] = session.scalars(select(Bin).where(Bin.sku == sku))
        assert (bin_.on_hand, bin_.reserved) == (993, 0)
