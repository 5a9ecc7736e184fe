"""The content of a request to a fulfillment vendor, and the choice of the vendor."""

import importlib
from typing import Any
from uuid import UUID

from sqlalchemy import update

from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.outside import run
from order_api.integrations.fulfillment.port import Destination, FulfillmentRequest, RequestedItem
from order_api.shipments.models import FulfillmentRequestRow, RequestStatus
from order_api.shipments.send import SendToFulfillment
from tests.factories.orders import Json, address, line, ship_group
from tests.factories.stories import recall_goods
from tests.fixtures.packages import Install
from tests.fixtures.service import Client

VENDOR = """
from order_api.integrations.fulfillment.port import FulfillmentAnswer, Recall

asked, looked_for, recalled = [], [], []


class Adapter:
    def send(self, request):
        asked.append(request)
        return FulfillmentAnswer.ACCEPTED

    def find(self, key):
        looked_for.append(key)

    def recall(self, key):
        recalled.append(key)
        return Recall()
"""


def send(channel: Client, order: Json) -> None:
    run(SendToFulfillment(channel.company.actor, UUID(order["id"]), UUID(order["items"][0]["id"]), "task", retry=False))


def module_of(vendor: str) -> Any:
    return importlib.import_module(vendor)


def test_a_request_holds_all_that_a_parcel_needs(channel: Client, installed: Install) -> None:
    installed("careful_vendor", VENDOR, fulfillment="main")
    home = address(name="Grace Hopper", phone="+1 270 555 0100", region="KY", postal_code="42420")
    order = channel.place(line("10.00", 3, sku="MUG", name="Mug, white"), ship_groups=[ship_group(address=home)])

    send(channel, order)

    [asked] = module_of("careful_vendor").asked
    assert asked == FulfillmentRequest(
        key=asked.key,
        order_id=UUID(order["id"]),
        order_number=order["number"],
        recipient="Grace Hopper",
        phone="+1 270 555 0100",
        destination=Destination("1 Analytical Row", "Henderson", "US", region="KY", postal_code="42420"),
        method="standard",
        items=(RequestedItem(UUID(order["items"][0]["id"]), order["items"][0]["line_id"], "MUG", "Mug, white", 3),),
        promised_at=None,
    )


def test_a_parcel_without_a_recipient_goes_to_the_customer(channel: Client, installed: Install) -> None:
    installed("kind_vendor", VENDOR, fulfillment="main")
    home = {name: part for name, part in address().items() if name != "name"}
    customer = {"type": "guest", "name": "Ada Lovelace", "phone": "+44 20 7946 0000"}

    send(channel, channel.place(ship_groups=[ship_group(address=home)], customer=customer))

    [asked] = module_of("kind_vendor").asked
    assert (asked.recipient, asked.phone) == ("Ada Lovelace", "+44 20 7946 0000")


def test_the_request_of_a_dead_worker_is_looked_up_and_sent_at_the_vendor_of_its_location(
    channel: Client, installed: Install
) -> None:
    installed("far_vendor", VENDOR, fulfillment="far-side")
    order = channel.place()
    item = UUID(order["items"][0]["id"])
    row = FulfillmentRequestRow(
        order_id=UUID(order["id"]), item_id=item, quantity=1, location="far-side", task_id="task"
    )
    row.status, row.requested_at = RequestStatus.REQUESTED, clock.now()
    with transaction() as session:
        session.add(row)

    send(channel, order)

    vendor = module_of("far_vendor")
    assert (vendor.looked_for, [request.key for request in vendor.asked]) == ([row.id], [row.id])


def test_a_recall_goes_to_the_vendor_that_was_asked(channel: Client, installed: Install) -> None:
    installed("drop_shipper", VENDOR, fulfillment="lake-side")
    order = channel.place()
    send(channel, order)
    of_order = update(FulfillmentRequestRow).where(FulfillmentRequestRow.order_id == UUID(order["id"]))
    with transaction() as session:
        [asked] = session.scalars(of_order.values(location="lake-side").returning(FulfillmentRequestRow.id))

    recall_goods(channel.company.actor, UUID(order["id"]))

    assert module_of("drop_shipper").recalled == [asked]


def test_a_request_that_the_vendor_refuses_after_a_recall_is_recorded_as_recalled(
    channel: Client, installed: Install
) -> None:
    """An undo recalled the request just before the worker sent it, so the vendor answers that it is canceled."""
    installed(
        "quick_vendor", VENDOR.replace("FulfillmentAnswer.ACCEPTED", "FulfillmentAnswer.CANCELED"), fulfillment="main"
    )
    order = channel.place()

    send(channel, order)

    events = channel.get(f"/v1/orders/{order['id']}/history").get_json()["events"]
    assert [event["event"] for event in events if event["event"].startswith("item.")] == ["item.recalled"]
