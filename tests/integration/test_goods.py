"""Goods over the API: shipped, delivered, unable to ship. Facts are stored at once; repeating is safe."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from order_api.core.database import transaction
from order_api.outbox.models import OutboxRow
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.orders import Json, charge, line, ship_group
from tests.fixtures.service import Client


def read(client: Client, order: Json) -> Json:
    return dict(client.get(f"/v1/orders/{order['id']}").get_json())


def outbox(order: Json) -> list[tuple[str, str, str | None]]:
    with transaction() as session:
        query = select(OutboxRow).where(OutboxRow.business_key == order["number"], OutboxRow.kind != "start")
        rows = session.scalars(query.order_by(OutboxRow.id))
        return [(row.kind, row.name, str(row.item_id) if row.item_id else None) for row in rows]


def parcel(order: Json, *quantities: int, tracking_number: str = "TN-1", carrier: str = "dhl") -> Json:
    lines = [{"line_id": item["line_id"], "quantity": n} for item, n in zip(order["items"], quantities, strict=False)]
    return {"carrier": carrier, "tracking_number": tracking_number, "lines": lines}


UNITS = ("line_id", "item_id", "first_unit", "quantity")


@pytest.fixture
def order(channel: Client) -> Json:
    """Five units of one line, two of another, 5.99 for shipping."""
    groups = [ship_group(charges=[charge("5.99")])]
    return hand_to_fulfillment(channel.place(line("10.00", 5), line("3.00", 2, line_id="2"), ship_groups=groups))


# Shipments.


def test_an_order_that_was_not_handed_to_fulfillment_must_not_leave(warehouse: Client, channel: Client) -> None:
    """The order may be unscreened or unpaid; goods that left now might never be paid."""
    order = channel.place()

    answer = warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 1))

    assert (answer.status_code, answer.get_json()["code"]) == (409, "item_not_at_fulfillment")
    assert answer.get_json()["line_id"] == order["items"][0]["line_id"]
    assert read(warehouse, order)["shipments"] == []


def test_an_item_that_is_not_at_fulfillment_cannot_be_reported(warehouse: Client, channel: Client) -> None:
    item = channel.place()["items"][0]

    answer = warehouse.post(f"/v1/items/{item['id']}/unable-to-ship", {"reason": "damaged"})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "item_not_at_fulfillment")


def test_a_shipment_is_stored_with_its_units_and_their_worth(warehouse: Client, order: Json) -> None:
    answer = warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 2, 1))

    assert answer.status_code == 201
    shipped = read(warehouse, order)
    assert [item["shipped_quantity"] for item in shipped["items"]] == [2, 1]
    [shipment] = shipped["shipments"]
    assert (shipment["id"], shipment["worth"]) == (answer.get_json()["id"], "28.99")
    assert {tuple(part[name] for name in UNITS) for part in shipment["lines"]} == {
        ("1", order["items"][0]["id"], 1, 2),
        ("2", order["items"][1]["id"], 1, 1),
    }


def test_a_shipment_wakes_its_items_begins_the_flow_of_the_parcel_and_has_its_stock_taken(
    warehouse: Client, order: Json
) -> None:
    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 2, 1))

    first, second = (item["id"] for item in order["items"])
    assert outbox(order) == [
        ("message", "item-shipped", first),
        ("message", "item-shipped", second),
        ("message", "parcel-left", None),
        ("take-stock", "take-stock", None),
    ]


def test_a_second_shipment_takes_the_next_units(warehouse: Client, order: Json) -> None:
    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 2))

    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 3, tracking_number="TN-2"))

    first, second = read(warehouse, order)["shipments"]
    assert [(part["first_unit"], part["quantity"]) for part in first["lines"] + second["lines"]] == [(1, 2), (3, 3)]
    assert (first["worth"], second["worth"]) == ("25.99", "30.00")


@pytest.mark.parametrize(("already", "asked", "left"), [(1, 5, 4), (3, 3, 2), (5, 1, 0)])
def test_more_units_than_are_left_are_refused_with_what_is_left(
    warehouse: Client, order: Json, already: int, asked: int, left: int
) -> None:
    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, already))

    answer = warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, asked, tracking_number="TN-2"))

    assert (answer.status_code, answer.get_json()["code"]) == (409, "units_not_open")
    assert (answer.get_json()["line_id"], answer.get_json()["shippable"]) == ("1", left)
    assert read(warehouse, order)["items"][0]["shipped_quantity"] == already


def test_when_one_line_of_a_parcel_is_refused_no_line_ships(warehouse: Client, order: Json) -> None:
    answer = warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 1, 3))

    assert answer.status_code == 409
    assert [item["shipped_quantity"] for item in read(warehouse, order)["items"]] == [0, 0]


def test_the_same_parcel_sent_again_gets_the_same_answer_and_changes_nothing(warehouse: Client, order: Json) -> None:
    first = warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 2, 1))

    again = warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 2, 1))

    assert again.status_code == 201
    assert again.get_json() == first.get_json()
    assert [item["shipped_quantity"] for item in read(warehouse, order)["items"]] == [2, 1]
    assert len(outbox(order)) == 4


def test_a_tracking_number_with_other_units_is_refused(warehouse: Client, order: Json) -> None:
    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 2))

    answer = warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 1))

    assert (answer.status_code, answer.get_json()["code"]) == (409, "tracking_number_used")


@pytest.mark.parametrize(
    ("number", "otherwise"),
    [("tn 1234 ab", "TN1234AB"), ("Straße 1", "STRASSE1"), ("Fa\u00e7ade", "Fac\u0327ade")],
    ids=["case and blanks", "sharp s", "composed and decomposed"],
)
def test_a_tracking_number_is_one_parcel_however_it_and_its_carrier_are_written(
    warehouse: Client, order: Json, number: str, otherwise: str
) -> None:
    path = f"/v1/orders/{order['id']}/shipments"
    first = warehouse.post(path, parcel(order, 1, tracking_number=number))

    again = warehouse.post(path, parcel(order, 1, tracking_number=otherwise, carrier="UPS Standard"))
    more = warehouse.post(path, parcel(order, 2, tracking_number=otherwise))

    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)
    assert (more.status_code, more.get_json()["code"]) == (409, "tracking_number_used")
    assert [shipment["tracking_number"] for shipment in read(warehouse, order)["shipments"]] == [number]


def test_nothing_ships_once_a_cancellation_was_asked_for(channel: Client, warehouse: Client, order: Json) -> None:
    channel.post(f"/v1/orders/{order['id']}/cancellations", {"reason": "changed_mind"})

    answer = warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 1))

    assert (answer.status_code, answer.get_json()["code"]) == (409, "cancel_requested")
    assert read(warehouse, order)["shipments"] == []


def test_an_item_of_another_order_is_not_found(channel: Client, warehouse: Client, order: Json) -> None:
    answer = warehouse.post(
        f"/v1/orders/{order['id']}/shipments", parcel(channel.place(line(line_id="of-the-other")), 1)
    )

    assert (answer.status_code, answer.get_json()["code"]) == (404, "item_not_found")
    assert answer.get_json()["line_id"] == "of-the-other"


def test_a_parcel_may_name_an_item_only_once(warehouse: Client, order: Json) -> None:
    body = parcel(order, 1)
    body["lines"] *= 2

    answer = warehouse.post(f"/v1/orders/{order['id']}/shipments", body)

    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "lines")


# Deliveries.


@pytest.fixture
def shipment(warehouse: Client, order: Json) -> Json:
    return dict(warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 5, 2)).get_json())


def test_a_delivery_is_stored_and_wakes_every_item(warehouse: Client, order: Json, shipment: Json) -> None:
    answer = warehouse.post(f"/v1/shipments/{shipment['id']}/deliveries", {})

    assert answer.status_code == 201
    delivered = read(warehouse, order)
    assert delivered["shipments"][0]["delivered_at"] == answer.get_json()["delivered_at"] is not None
    assert [item["delivered_quantity"] for item in delivered["items"]] == [5, 2]
    assert [name for _, name, _ in outbox(order)].count("item-delivered") == 2


def test_a_parcel_arrives_once(warehouse: Client, order: Json, shipment: Json) -> None:
    first = warehouse.post(f"/v1/shipments/{shipment['id']}/deliveries", {})

    again = warehouse.post(f"/v1/shipments/{shipment['id']}/deliveries", {})

    assert again.get_json() == first.get_json()
    assert [item["delivered_quantity"] for item in read(warehouse, order)["items"]] == [5, 2]


def test_an_unknown_shipment_is_not_found(warehouse: Client) -> None:
    answer = warehouse.post(f"/v1/shipments/{uuid4()}/deliveries", {})

    assert (answer.status_code, answer.get_json()["code"]) == (404, "shipment_not_found")


# Unable to ship.


def test_a_report_that_an_item_cannot_leave_is_stored_and_wakes_its_flow(warehouse: Client, order: Json) -> None:
    item = order["items"][0]

    answer = warehouse.post(f"/v1/items/{item['id']}/unable-to-ship", {"reason": "damaged"})

    assert (answer.status_code, answer.get_json()["unable_to_ship_reason"]) == (201, "damaged")
    assert read(warehouse, order)["items"][0]["unable_to_ship_reason"] == "damaged"
    assert outbox(order) == [("message", "item-unable-to-ship", item["id"])]


def test_reporting_twice_changes_nothing(warehouse: Client, order: Json) -> None:
    path = f"/v1/items/{order['items'][0]['id']}/unable-to-ship"
    warehouse.post(path, {"reason": "damaged"})

    again = warehouse.post(path, {"reason": "lost"})

    assert again.get_json()["unable_to_ship_reason"] == "damaged"
    assert len(outbox(order)) == 1


def test_an_item_that_has_shipped_is_not_unable_to_ship(warehouse: Client, order: Json) -> None:
    warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel(order, 5))

    answer = warehouse.post(f"/v1/items/{order['items'][0]['id']}/unable-to-ship", {"reason": "damaged"})

    assert (answer.status_code, answer.get_json()["shippable"]) == (409, 0)
    assert answer.get_json()["line_id"] == order["items"][0]["line_id"]
