"""The builtin warehouse keeps the promises of its port, ships by the clock or on call, and repeats reports."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.settings import settings
from order_api.integrations.fulfillment import warehouse
from order_api.integrations.fulfillment.models import WarehouseJob
from order_api.integrations.fulfillment.port import FulfillmentVendor, Parcel
from order_api.integrations.fulfillment.promises import ACCEPTED, FulfillmentVendorPromises, request, units
from order_api.integrations.fulfillment.registry import vendor as configured
from order_api.integrations.fulfillment.warehouse import Warehouse


@pytest.fixture
def vendor(migrated: None) -> FulfillmentVendor:
    return Warehouse()


@pytest.fixture
def quick(migrated: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FulfillmentVendor]:
    """Makes the warehouse ship and deliver at once, by itself."""
    monkeypatch.setenv("WAREHOUSE_SHIP_DELAY", "0")
    monkeypatch.setenv("WAREHOUSE_DELIVER_DELAY", "0")
    settings.cache_clear()
    yield Warehouse()
    monkeypatch.undo()
    settings.cache_clear()


class TestWarehouse(FulfillmentVendorPromises):
    def let_leave(self, order_id: UUID) -> None:
        with transaction() as session:
            warehouse.ship_order(session, order_id)


def parcels_of(order_id: UUID) -> list[Parcel]:
    with transaction() as session:
        return [parcel for job, parcel in warehouse.unreported(session) if job.order_id == order_id]


def test_the_warehouse_is_the_vendor_unless_another_is_configured() -> None:
    assert isinstance(configured("main"), Warehouse)


def test_on_call_nothing_leaves_by_itself(vendor: FulfillmentVendor) -> None:
    asked = request()
    vendor.send(asked)

    warehouse.ship_due()

    assert parcels_of(asked.order_id) == []
    assert vendor.find(asked.key) == ACCEPTED


def test_with_a_delay_goods_leave_when_it_is_over(quick: FulfillmentVendor) -> None:
    asked = request()
    quick.send(asked)

    warehouse.ship_due()

    [parcel] = parcels_of(asked.order_id)
    assert parcel.quantities == units(asked)


def test_a_parcel_stays_unreported_until_both_reports_are_marked(quick: FulfillmentVendor) -> None:
    asked = request()
    quick.send(asked)
    warehouse.ship_due()
    [parcel] = parcels_of(asked.order_id)
    assert parcels_of(asked.order_id) == [parcel]

    with transaction() as session:
        warehouse.mark_reported(session, parcel, "reported_shipped_at")
        warehouse.mark_reported(session, parcel, "reported_delivered_at")

    assert parcels_of(asked.order_id) == []


def test_a_parcel_that_is_on_its_way_is_unreported_again_when_its_delivery_is_due(vendor: FulfillmentVendor) -> None:
    asked = request()
    vendor.send(asked)
    with transaction() as session:
        warehouse.ship_order(session, asked.order_id)
    [parcel] = parcels_of(asked.order_id)
    with transaction() as session:
        warehouse.mark_reported(session, parcel, "reported_shipped_at")
    assert parcels_of(asked.order_id) == []

    with transaction() as session:
        warehouse.make_delivery_due(session, asked.order_id)

    assert parcels_of(asked.order_id) == [parcel]


def test_what_ships_later_leaves_in_a_second_parcel(vendor: FulfillmentVendor) -> None:
    first = request()
    second = request(first.order_id)
    vendor.send(first)
    with transaction() as session:
        warehouse.ship_order(session, first.order_id)
    vendor.send(second)
    with transaction() as session:
        warehouse.ship_order(session, first.order_id)

    numbers = {parcel.tracking_number for parcel in parcels_of(first.order_id)}

    assert len(numbers) == 2


def test_goods_that_are_due_take_along_what_waits_for_the_same_order(vendor: FulfillmentVendor) -> None:
    due = request()
    waiting = request(due.order_id)
    vendor.send(due)
    vendor.send(waiting)
    with transaction() as session:
        an_hour_ago = clock.now() - timedelta(hours=1)
        session.execute(update(WarehouseJob).where(WarehouseJob.key == due.key).values(ship_at=an_hour_ago))

    warehouse.ship_due()

    [parcel] = parcels_of(due.order_id)
    assert parcel.quantities == units(due, waiting)
