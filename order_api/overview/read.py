"""Puts together everything known of one order, in plain words and decimal strings."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import money
from order_api.orders import repository
from order_api.orders.models import Order, OrderCharge, OrderItem, OrderNote
from order_api.orders.note import notes_of
from order_api.orders.owned_money import OwnedMoney
from order_api.orders.units import ShippedUnits, shipped_units
from order_api.orders.worth import value_by_shipment
from order_api.payments import ledger
from order_api.payments.models import PaymentTransaction
from order_api.progress.models import SubjectProcess
from order_api.progress.processes import processes_of_order
from order_api.reservations.models import Reservation
from order_api.reservations.repository import of_order as reservations_of
from order_api.shipments.deliver import shipments_of
from order_api.shipments.models import Shipment

Json = dict[str, Any]


@dataclass
class OrderView:
    """One order and its parts; `document()` is the answer of the API and of the console."""

    order: Order
    notes: list[OrderNote] = field(default_factory=list)
    shipped: list[ShippedUnits] = field(default_factory=list)
    value_by_shipment: dict[UUID, int] = field(default_factory=dict)
    shipments: list[Shipment] = field(default_factory=list)
    transactions: list[PaymentTransaction] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    processes: list[SubjectProcess] = field(default_factory=list)
    owned: OwnedMoney = field(init=False)

    def __post_init__(self) -> None:
        self.owned = OwnedMoney(self.order)

    @classmethod
    def read(cls, session: Session, actor: Actor, order_id: UUID) -> "OrderView":
        return cls(
            order=repository.get(session, actor, order_id),
            notes=notes_of(session, order_id),
            shipped=shipped_units(session, order_id),
            value_by_shipment=value_by_shipment(session, order_id),
            shipments=shipments_of(session, order_id),
            transactions=ledger.rows_of(session, order_id),
            reservations=reservations_of(session, order_id),
            processes=processes_of_order(session, order_id),
        )

    @classmethod
    def just_placed(cls, session: Session, order: Order, notes: list[OrderNote]) -> "OrderView":
        """Nothing has happened to the order yet, so little is read again."""
        return cls(order, notes=notes, processes=processes_of_order(session, order.id))

    def document(self) -> Json:
        order = self.order
        return {
            **_columns(order, HEAD),
            "collection": order.collection_key,
            "customer": {name: getattr(order, f"customer_{name}") for name in ("type", "id", "name", "email", "phone")},
            "ship_groups": [self._ship_group(group) for group in order.ship_groups],
            "items": [self._item(item) for item in order.items],
            "discounts": self._discounts(None),
            "charges": self._charges(None),
            "totals": {name: self._money(getattr(order, column)) for name, column in TOTALS.items()},
            "tenders": [self._tender(tender) for tender in order.tenders],
            "payments": [self._transaction(row) for row in self.transactions],
            "reservations": [_columns(r, ("id", "item_id", "sku", "quantity", "status")) for r in self.reservations],
            "shipments": self._shipments(),
            "processes": [_columns(process, PROCESS) for process in self.processes],
            "notes": [_columns(note, ("id", "text", "author", "at")) for note in self.notes],
        }

    def _money(self, minor: int) -> str:
        return money.to_text(minor, self.order.currency)

    def _ship_group(self, group: Any) -> Json:
        names = ("id", "key", "fulfillment_type", "method", "store", "address")
        return {**_columns(group, names), "charges": self._charges(group.id)}

    def _item(self, item: OrderItem) -> Json:
        return {
            **_columns(item, ITEM),
            "unit_price": f"{item.unit_price:f}",
            "list_price": f"{item.list_price:f}",
            "line_amount": self._money(item.line_amount),
            "amount_after_discounts": self._money(item.amount_after_discounts),
            "discounts": self._discounts(item.id),
            "taxes": self._taxes(item.id),
            "charges": self._charges(item.id),
        }

    def _discounts(self, owner_id: UUID | None) -> list[Json]:
        return [
            {"code": d.code, "amount": self._money(d.amount), "share_of_order_discount": d.share_of_id is not None}
            for d in self.owned.discounts[owner_id]
        ]

    def _taxes(self, owner_id: UUID) -> list[Json]:
        own = self.owned.taxes[owner_id]
        return [{"name": t.name, "rate": f"{t.rate:f}", "amount": self._money(t.amount)} for t in own]

    def _charges(self, owner_id: UUID | None) -> list[Json]:
        return [self._charge(charge) for charge in self.owned.charges[owner_id]]

    def _charge(self, charge: OrderCharge) -> Json:
        return {
            "type": charge.type,
            "name": charge.name,
            "amount": self._money(charge.amount),
            "amount_after_discounts": self._money(charge.amount_after_discounts),
            "discounts": self._discounts(charge.id),
            "taxes": self._taxes(charge.id),
        }

    def _tender(self, tender: Any) -> Json:
        """Without the token: it is a means to take money."""
        return {**_columns(tender, ("id", "type", "is_active")), "amount": self._money(tender.amount)}

    def _transaction(self, row: Any) -> Json:
        return {**_columns(row, PAYMENT), "amount": self._money(row.amount)}

    def _shipments(self) -> list[Json]:
        line_ids = {item.id: item.line_id for item in self.order.items}
        lines: dict[UUID, list[Json]] = defaultdict(list)
        for units in self.shipped:
            named = {"line_id": line_ids[units.item_id]}
            lines[units.shipment_id].append(named | _columns(units, ("item_id", "first_unit", "quantity")))
        return [
            {
                **_columns(shipment, ("id", "carrier", "tracking_number", "shipped_at", "delivered_at")),
                "value": self._money(self.value_by_shipment.get(shipment.id, 0)),
                "lines": lines[shipment.id],
            }
            for shipment in self.shipments
        ]


HEAD = (
    "id number channel store external_id currency tax_included status status_category version placed_at updated_at "
    "frozen_at overdue_at cancel_requested_at cancel_requested_by cancel_reason "
    "undo_began_at undo_reason undo_ended_at billing_address custom_fields"
).split()
ITEM = (
    "id line_id ship_group_id sku name quantity status status_category shipped_quantity delivered_quantity "
    "canceled_quantity unable_to_ship_reason attributes"
).split()
PROCESS = "business_key process_key process_instance_id started_at ended_at".split()
PAYMENT = "id tender_id kind status shipment_id reference decline_code requested_at settled_at".split()
TOTALS = {
    "items": "items_total",
    "discounts": "discounts_total",
    "charges": "charges_total",
    "taxes": "taxes_total",
    "grand_total": "grand_total",
}


def _columns(row: Any, names: Iterable[str]) -> Json:
    return {name: getattr(row, name) for name in names}
