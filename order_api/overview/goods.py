"""The parts of the order document that are about goods: what was ordered, reserved and shipped."""

from collections import defaultdict
from uuid import UUID

from order_api.orders.models import OrderItem, ShipGroup
from order_api.overview.amounts import Amounts
from order_api.overview.bill import BillOfOrder
from order_api.overview.cancellations import recall_document
from order_api.overview.document_cancellations import RecallDocument
from order_api.overview.document_parts import (
    ItemDocument,
    ReservationAnswer,
    ShipGroupAnswer,
    ShipmentDocument,
    ShipmentLineAnswer,
)
from order_api.overview.read import OrderView


class Goods:
    """The goods of one order."""

    def __init__(self, view: OrderView, amounts: Amounts, bill: BillOfOrder) -> None:
        self.view = view
        self.amounts = amounts
        self.bill = bill
        self.line_ids = {item.id: item.line_id for item in view.order.items}

    def ship_group(self, group: ShipGroup) -> ShipGroupAnswer:
        return ShipGroupAnswer(
            id=group.id,
            key=group.key,
            fulfillment_type=group.fulfillment_type,
            method=group.method,
            store=group.store,
            address=group.address,
            charges=self.amounts.charges(group.id),
        )

    def item(self, item: OrderItem) -> ItemDocument:
        return ItemDocument(
            id=item.id,
            line_id=item.line_id,
            sku=item.sku,
            name=item.name,
            quantity=item.quantity,
            status=item.status,
            shipped_quantity=item.shipped_quantity,
            delivered_quantity=item.delivered_quantity,
            canceled_quantity=item.canceled_quantity,
            unable_to_ship_reason=item.unable_to_ship_reason,
            awaits_payment_since=item.awaits_payment_since,
            ship_group_id=item.ship_group_id,
            status_category=item.status_category,
            attributes=item.attributes,
            unit_price=f"{item.unit_price:f}",
            list_price=f"{item.list_price:f}",
            line_amount=self.amounts.text(item.line_amount),
            amount_after_discounts=self.amounts.text(item.amount_after_discounts),
            discounts=self.amounts.discounts(item.id),
            taxes=self.amounts.taxes(item.id),
            charges=self.amounts.charges(item.id),
            bill=self.bill.line(item),
        )

    def recalls(self) -> list[RecallDocument]:
        return [recall_document(row, made, self.line_ids[row.item_id]) for row, made in self.view.recalls]

    def reservations(self) -> list[ReservationAnswer]:
        items = {item.id: item for item in self.view.order.items}
        return [
            ReservationAnswer(row.id, row.item_id, item.line_id, item.sku, row.quantity, row.status)
            for row in self.view.reservations
            for item in (items[row.item_id],)
        ]

    def shipments(self) -> list[ShipmentDocument]:
        lines = self._shipment_lines()
        return [
            ShipmentDocument(
                id=shipment.id,
                carrier=shipment.carrier,
                tracking_number=shipment.tracking_number,
                shipped_at=shipment.shipped_at,
                delivered_at=shipment.delivered_at,
                worth=self.amounts.text(self.view.bill.parcels[shipment.id].worth),
                lines=lines[shipment.id],
            )
            for shipment in self.view.shipments
        ]

    def _shipment_lines(self) -> dict[UUID, list[ShipmentLineAnswer]]:
        lines: dict[UUID, list[ShipmentLineAnswer]] = defaultdict(list)
        for units in self.view.shipped:
            line_id = self.line_ids[units.item_id]
            line = ShipmentLineAnswer(line_id, units.item_id, units.first_unit, units.quantity)
            lines[units.shipment_id].append(line)
        return lines
