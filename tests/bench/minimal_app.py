"""The reference for accepting orders: a Flask handler that only stores the same order and outbox row.

It checks nothing, not even the caller, and writes no history.
"""

from typing import Any
from uuid import uuid4

from flask import Flask, request

from order_api.core import clock
from order_api.core.database import transaction
from order_api.orders.models import Order, OrderItem, OrderTax, ShipGroup, Tender
from order_api.outbox.models import OutboxRow, RowKind
from order_api.stores.models import OrderCollection


def create_app() -> Flask:
    app = Flask(__name__)
    with transaction() as session:
        collection = session.query(OrderCollection).filter_by(key="default").one()

    @app.post("/v1/orders")
    def store() -> tuple[dict[str, Any], int]:
        body = request.get_json()
        with transaction() as session:
            order = _order(body, collection)
            session.add_all([order, _outbox_row(order)])
        return {"id": order.id, "number": order.number}, 201

    return app


def _order(body: dict[str, Any], collection: OrderCollection) -> Order:
    totals = {f"{name}_total": _cents(body["totals"][name]) for name in ("items", "discounts", "charges", "taxes")}
    order = Order(
        id=uuid4(),
        number=uuid4().hex[:14].upper(),
        collection_id=collection.id,
        collection_key=collection.key,
        channel=body["channel"],
        external_id=body["external_id"],
        currency=body["currency"],
        tax_included=body["tax_included"],
        customer_type=body["customer"]["type"],
        customer_name=body["customer"]["name"],
        customer_email=body["customer"]["email"],
        billing_address=body["billing_address"],
        grand_total=_cents(body["totals"]["grand_total"]),
        placed_at=clock.now(),
        updated_at=clock.now(),
        **totals,
    )
    group = ShipGroup(id=uuid4(), position=1, key="home", fulfillment_type="ship_to_home")
    group.address = body["ship_groups"][0]["address"]
    order.ship_groups = [group]
    order.items = [_item(item, group) for item in body["items"]]
    order.taxes = [
        _tax(tax, item) for item, sent in zip(order.items, body["items"], strict=True) for tax in sent["taxes"]
    ]
    order.tenders = [
        Tender(position=1, type=t["type"], token=t["token"], amount=_cents(t["amount"])) for t in body["tenders"]
    ]
    return order


def _item(sent: dict[str, Any], group: ShipGroup) -> OrderItem:
    amount = _cents(sent["unit_price"]) * sent["quantity"]
    item = OrderItem(
        id=uuid4(), ship_group_id=group.id, position=1, line_id=sent["line_id"], sku=sent["sku"], name=sent["name"]
    )
    item.quantity, item.unit_price, item.list_price = sent["quantity"], sent["unit_price"], sent["unit_price"]
    item.line_amount = item.amount_after_discounts = amount
    return item


def _tax(sent: dict[str, Any], item: OrderItem) -> OrderTax:
    tax = OrderTax(item_id=item.id, position=1, name=sent["name"], rate=sent["rate"])
    tax.amount = _cents(sent["amount"])
    return tax


def _outbox_row(order: Order) -> OutboxRow:
    payload = {"order_id": str(order.id)}
    row = OutboxRow(lane="engine", kind=RowKind.START, name="order-submit", business_key=order.number, payload=payload)
    row.created_at = row.due_at = row.give_up_at = order.placed_at
    return row


def _cents(text: str) -> int:
    return round(float(text) * 100)
