"""Reads everything known about one order, each kind of row with one query."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.models import Order, OrderNote
from order_api.orders.note import notes_of
from order_api.orders.owned_money import OwnedMoney
from order_api.orders.units import ShippedUnits, shipped_units
from order_api.orders.worth import worth_by_shipment
from order_api.payments import ledger
from order_api.payments.models import PaymentTransaction
from order_api.progress.models import SubjectProcess
from order_api.progress.overdue import overdue_of_order
from order_api.progress.processes import processes_of_order
from order_api.reservations.models import Reservation
from order_api.reservations.repository import of_order as reservations_of
from order_api.shipments.models import Shipment
from order_api.shipments.repository import shipments_of


@dataclass
class OrderView:
    """One order and the rows that belong to it; `compose.document_of` turns it into the order document."""

    order: Order
    notes: list[OrderNote] = field(default_factory=list)
    shipped: list[ShippedUnits] = field(default_factory=list)
    worth_by_shipment: dict[UUID, int] = field(default_factory=dict)
    shipments: list[Shipment] = field(default_factory=list)
    transactions: list[PaymentTransaction] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    processes: list[SubjectProcess] = field(default_factory=list)
    overdue: dict[str, datetime] = field(default_factory=dict)
    """By business key."""
    owned: OwnedMoney = field(init=False)

    def __post_init__(self) -> None:
        self.owned = OwnedMoney(self.order)

    @classmethod
    def read(cls, session: Session, actor: Actor, order_id: UUID) -> "OrderView":
        return cls(
            order=repository.get(session, actor, order_id),
            notes=notes_of(session, order_id),
            shipped=shipped_units(session, order_id),
            worth_by_shipment=worth_by_shipment(session, order_id),
            shipments=shipments_of(session, order_id),
            transactions=ledger.rows_of(session, order_id),
            reservations=reservations_of(session, order_id),
            processes=processes_of_order(session, order_id),
            overdue=overdue_of_order(session, order_id),
        )

    @classmethod
    def just_placed(cls, order: Order, process: SubjectProcess, notes: list[OrderNote]) -> "OrderView":
        """The view of a new order. Reads nothing, because nothing has happened to the order yet."""
        return cls(order, notes=notes, processes=[process])
