"""Reads everything known about one order, each kind of row with one query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.models import Adjustment
from order_api.bill.read import Parcels, adjustments_of, bill_of, parcels_by_line
from order_api.cancellations.models import Cancellation, RecalledUnits
from order_api.cancellations.recalls import recalls_of
from order_api.orders import repository
from order_api.orders.models import Order, OrderNote
from order_api.orders.note import notes_of
from order_api.orders.owned_money import OwnedMoney
from order_api.orders.units import ShippedUnits, shipped_units
from order_api.payments import ledger
from order_api.payments.models import PaymentTransaction
from order_api.progress.models import SubjectProcess
from order_api.progress.overdue import overdue_of_order
from order_api.progress.processes import processes_of_order
from order_api.proof.bill import Bill
from order_api.refunds.models import Refund
from order_api.refunds.repository import refunds_of
from order_api.reservations.models import Reservation
from order_api.reservations.repository import of_order as reservations_of
from order_api.returns.models import Return
from order_api.returns.repository import returns_of
from order_api.shipments.models import Shipment
from order_api.shipments.repository import shipments_of


@dataclass
class OrderView:
    """One order and the rows that belong to it; `compose.document_of` turns it into the order document."""

    order: Order
    bill: Bill
    notes: list[OrderNote] = field(default_factory=list)
    shipped: list[ShippedUnits] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    parcels_by_line: Mapping[UUID | None, Parcels] = field(default_factory=dict)
    recalls: list[tuple[RecalledUnits, Cancellation]] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    transactions: list[PaymentTransaction] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    processes: list[SubjectProcess] = field(default_factory=list)
    overdue: dict[str, datetime] = field(default_factory=dict)
    """By business key."""
    owned: OwnedMoney = field(init=False)

    def __post_init__(self) -> None:
        self.owned = OwnedMoney(self.order)

    @classmethod
    def read(cls, session: Session, actor: Actor, order_id: UUID) -> "OrderView":
        order = repository.get(session, actor, order_id)
        return cls(
            order=order,
            bill=bill_of(session, order),
            notes=notes_of(session, order_id),
            shipped=shipped_units(session, order_id),
            adjustments=adjustments_of(session, order_id),
            parcels_by_line=parcels_by_line(session, order_id),
            recalls=recalls_of(session, order_id),
            shipments=shipments_of(session, order_id),
            transactions=ledger.rows_of(session, order_id),
            refunds=refunds_of(session, order_id),
            returns=returns_of(session, actor, order_id),
            reservations=reservations_of(session, order_id),
            processes=processes_of_order(session, order_id),
            overdue=overdue_of_order(session, order_id),
        )

    @classmethod
    def just_placed(cls, order: Order, process: SubjectProcess, notes: list[OrderNote]) -> "OrderView":
        """The view of a new order. Reads nothing, because nothing has happened to the order yet."""
        return cls(order, Bill(order.grand_total), notes=notes, processes=[process])
