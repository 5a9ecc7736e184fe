"""Builds the rows of a proven order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from order_api.core.keys import compared
from order_api.orders.models import Order, OrderCharge, OrderDiscount, OrderItem, OrderTax, ShipGroup, Tender
from order_api.orders.status import INITIAL_STATUS
from order_api.proof.priced_order import PricedCharge, PricedDiscount, PricedLine, PricedOrder, PricedTax
from order_api.proof.split import Split, TaxBase
from order_api.stores.models import OrderCollection

Json = dict[str, Any]


def build_order(body: Json, priced: PricedOrder, split: Split, *, collection: OrderCollection, number: str) -> Order:
    """The caller has proven `priced`; `split` holds the shares of its order discounts and its tax bases."""
    customer = body["customer"]
    order = Order(
        id=uuid4(),
        number=number,
        collection_id=collection.id,
        collection_key=collection.key,
        channel=body["channel"],
        store=body.get("store"),
        external_id=body["external_id"],
        currency=priced.currency,
        tax_included=priced.tax_included,
        customer_type=customer["type"],
        customer_id=customer.get("id"),
        customer_name=customer.get("name"),
        customer_email=customer.get("email"),
        customer_phone=customer.get("phone"),
        customer_groups=list(dict.fromkeys(customer["groups"])),
        billing_address=body.get("billing_address"),
        custom_fields=body["custom_fields"],
        status=INITIAL_STATUS,
        version=0,
        history_length=0,
        **_totals(priced),
    )
    _Rows(order).add_parts(body, priced, split)
    return order


def _totals(priced: PricedOrder) -> dict[str, int]:
    sums = {f"{name}_total": priced.totals[name] for name in ("items", "discounts", "charges", "taxes")}
    return sums | {"grand_total": priced.totals["grand_total"]}


class _Rows:
    """Adds the parts of one order, each kind numbered from 1 in the sequence in which the channel sent them."""

    def __init__(self, order: Order) -> None:
        self.order = order
        order.ship_groups, order.items, order.charges = [], [], []
        order.discounts, order.taxes, order.tenders = [], [], []

    def add_parts(self, body: Json, priced: PricedOrder, split: Split) -> None:
        group_ids = {compared(group["id"]): self._ship_group(group) for group in body["ship_groups"]}
        for sent, line, base in zip(body["items"], priced.lines, split.lines, strict=True):
            self._item(sent, line, base, group_ids[sent["ship_group"]])
        for key, charges in priced.group_charges.items():
            self._charges(charges, ship_group_id=group_ids[key])
        self._charges(priced.charges)
        self._order_discounts(priced, split)
        for sent, amount in zip(body["tenders"], priced.tenders, strict=True):
            position = len(self.order.tenders) + 1
            self.order.tenders.append(Tender.placed(position, sent["type"], sent.get("token"), amount))

    def _ship_group(self, sent: Json) -> UUID:
        group = ShipGroup(id=uuid4(), position=len(self.order.ship_groups) + 1, key=sent["id"])
        group.fulfillment_type, group.method = sent["fulfillment_type"], sent.get("method")
        group.store, group.address = sent.get("store"), sent.get("address")
        self.order.ship_groups.append(group)
        return group.id

    def _item(self, sent: Json, line: PricedLine, base: TaxBase, ship_group_id: UUID) -> None:
        item = OrderItem(
            id=uuid4(),
            position=len(self.order.items) + 1,
            ship_group_id=ship_group_id,
            line_id=line.line_id,
            sku=sent["sku"],
            name=sent["name"],
            quantity=line.quantity,
            unit_price=line.unit_price,
            list_price=line.list_price,
            line_amount=line.amount,
            amount_after_discounts=base.as_sent,
            attributes=sent["attributes"],
        )
        self.order.items.append(item)
        self._discounts(line.discounts, item_id=item.id)
        self._taxes(line.taxes, item_id=item.id)
        self._charges(line.charges, item_id=item.id)

    def _charges(self, charges: Sequence[PricedCharge], **owner: UUID) -> None:
        for charge in charges:
            row = OrderCharge(
                id=uuid4(), position=len(self.order.charges) + 1, type=charge.type, name=charge.name, **owner
            )
            row.amount, row.amount_after_discounts = charge.amount, charge.after_own_discounts
            self.order.charges.append(row)
            self._discounts(charge.discounts, charge_id=row.id)
            self._taxes(charge.taxes, charge_id=row.id)

    def _discounts(self, discounts: Sequence[PricedDiscount], **owner: UUID) -> None:
        for discount in discounts:
            self._discount(discount.code, discount.amount, **owner)

    def _discount(self, code: str, amount: int, **owner: UUID) -> UUID:
        row = OrderDiscount(id=uuid4(), position=len(self.order.discounts) + 1, code=code, amount=amount, **owner)
        self.order.discounts.append(row)
        return row.id

    def _taxes(self, taxes: Sequence[PricedTax], **owner: UUID) -> None:
        for tax in taxes:
            row = OrderTax(position=len(self.order.taxes) + 1, name=tax.name, rate=tax.rate, amount=tax.amount, **owner)
            self.order.taxes.append(row)

    def _order_discounts(self, priced: PricedOrder, split: Split) -> None:
        for discount, shared in zip(priced.discounts, split.discounts, strict=True):
            whole = self._discount(discount.code, discount.amount)
            for position, share in shared.shares.items():
                item_id = self.order.items[position].id
                self._discount(discount.code, share, item_id=item_id, share_of_id=whole)
