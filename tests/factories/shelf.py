"""A new sku, the order lines that need it, and what the tables record about both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from order_api.camunda.names import Message
from order_api.cancellations.cancel_items import CancelItems
from order_api.core.database import transaction
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.orders.models import Order, OrderItem, ShipGroup
from order_api.outbox.models import OutboxRow
from order_api.reservations import repository
from order_api.reservations.models import Bin, Reservation, StockKeepingUnit
from order_api.reservations.receive import StockReceipt, receive_inventory
from order_api.reservations.release import release_items
from order_api.reservations.reserve import reserve_item
from order_api.reservations.status import OPEN, ReservationStatus
from order_api.reservations.take import take_stock
from order_api.shipments.ship import ship_parcel
from tests.factories.companies import Company
from tests.factories.stored_orders import stored_item, stored_order

Result = TypeVar("Result")


def at_once(times: int, act: Callable[[int], Result]) -> list[Result]:
    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(act, range(times)))


class Line(NamedTuple):
    """The only line of an order."""

    order_id: UUID
    item_id: UUID


@dataclass
class Shelf:
    company: Company
    sku: str = field(default_factory=lambda: f"SKU-{uuid4()}")

    def receive(self, quantity: int, bin: str = "A", reference: str = "") -> None:
        receipt = StockReceipt(reference or f"R-{uuid4()}", self.sku, "main", bin, quantity)
        with transaction() as session:
            receive_inventory(session, receipt)

    def order(self, quantity: int) -> Line:
        """Places an order without reserving stock yet."""
        order, group = stored_order(self.company), uuid4()
        item = stored_item(order["id"], group, sku=self.sku, quantity=quantity)
        home = {"id": group, "order_id": order["id"], "position": 1, "key": "home", "fulfillment_type": "ship_to_home"}
        with transaction() as session:
            session.execute(insert(Order), [order])
            session.execute(insert(ShipGroup), [home])
            session.execute(insert(OrderItem), [item])
        return Line(order["id"], item["id"])

    def reserve(self, line: Line) -> ServiceError | None:
        with transaction() as session:
            return reserve_item(session, self.company.actor, *line)

    def reserved(self, quantity: int) -> Line:
        """A line that has asked for stock, whether or not it got any."""
        line = self.order(quantity)
        self.reserve(line)
        return line

    def status(self, line: Line) -> ReservationStatus | None:
        """The status of the line's latest reservation; None without one."""
        with transaction() as session:
            rows = repository.of_order(session, line.order_id)
            return rows[-1].status if rows else None

    def release(self, line: Line) -> None:
        with transaction() as session:
            release_items(session, self.company.actor, *line)

    def cancel(self, line: Line) -> None:
        """Like the flow: cancels the open units and releases their stock."""
        run(CancelItems(self.company.actor, *line))

    def ship(self, line: Line, units: int) -> UUID:
        """Records the units as shipped; they still count as stock on the shelf."""
        with transaction() as session:
            sent = {"carrier": "own_fleet", "tracking_number": str(uuid4())}
            shipment = ship_parcel(session, self.company.actor, line.order_id, {line.item_id: units}, **sent)  # type: ignore[arg-type]
        assert shipment is not None
        return shipment.id

    def take(self, line: Line, shipment_id: UUID) -> None:
        with transaction() as session:
            take_stock(session, self.company.actor, line.order_id, shipment_id)

    def ship_and_take(self, line: Line, units: int) -> UUID:
        shipment_id = self.ship(line, units)
        self.take(line, shipment_id)
        return shipment_id

    def woken(self) -> list[UUID]:
        """The items whose flows new stock has woken, in the order of the wake-ups."""
        query = select(OutboxRow.item_id).join(OrderItem, OrderItem.id == OutboxRow.item_id)
        of_the_sku = query.where(OrderItem.sku == self.sku, OutboxRow.name == Message.STOCK_ALLOCATED)
        with transaction() as session:
            return [item_id for item_id in session.scalars(of_the_sku.order_by(OutboxRow.id)) if item_id]

    def count(self) -> tuple[int, int]:
        """Units on hand and reserved units, according to the bins."""
        with transaction() as session:
            sums = select(func.coalesce(func.sum(Bin.on_hand), 0), func.coalesce(func.sum(Bin.reserved), 0))
            on_hand, reserved = session.execute(sums.where(Bin.sku == self.sku)).one()
            return int(on_hand), int(reserved)

    def allocated(self, line: Line) -> int:
        with transaction() as session:
            return repository.of_order(session, line.order_id)[-1].allocated

    def limit_backorders_to(self, units: int) -> None:
        with transaction() as session:
            session.merge(StockKeepingUnit(sku=self.sku, backorder_limit=units))

    def open_reservations(self) -> list[Reservation]:
        """Every open reservation, oldest first."""
        with transaction() as session:
            rows = select(Reservation).where(Reservation.sku == self.sku, Reservation.status.in_(OPEN))
            return list(session.scalars(rows.order_by(Reservation.place)))

    def promised(self) -> int:
        """Units that are set aside and have not left, according to the reservations; the bins must agree."""
        with transaction() as session:
            rows = session.scalars(select(Reservation).where(Reservation.sku == self.sku))
            return sum(row.allocated - row.taken for row in rows)
