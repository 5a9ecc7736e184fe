"""The whole order, as `GET /v1/orders/{id}` answers it."""

from typing import Any

import marshmallow as ma
from marshmallow.fields import UUID, AwareDateTime, Boolean, Dict, Integer, List, Nested, String

MONEY: dict[str, Any] = {"metadata": {"example": "101.39"}}


class TaxAnswer(ma.Schema):
    name = String()
    rate = String(metadata={"example": "0.0825"})
    amount = String(**MONEY)


class DiscountAnswer(ma.Schema):
    code = String()
    amount = String(**MONEY)
    share_of_order_discount = Boolean()


class ChargeAnswer(ma.Schema):
    type = String()
    name = String(allow_none=True)
    amount = String(**MONEY)
    amount_after_discounts = String(**MONEY)
    discounts = List(Nested(DiscountAnswer))
    taxes = List(Nested(TaxAnswer))


class ShipGroupAnswer(ma.Schema):
    id = UUID()
    key = String()
    fulfillment_type = String()
    method = String(allow_none=True)
    store = String(allow_none=True)
    address = Dict(allow_none=True)
    charges = List(Nested(ChargeAnswer))


class ItemDocument(ma.Schema):
    id = UUID()
    line_id = String(metadata={"description": "The channel's own name of the line."})
    ship_group_id = UUID()
    sku = String()
    name = String()
    quantity = Integer()
    status = String()
    status_category = String()
    shipped_quantity = Integer()
    delivered_quantity = Integer()
    canceled_quantity = Integer()
    unable_to_ship_reason = String(allow_none=True)
    attributes = Dict()
    unit_price = String(**MONEY)
    list_price = String(**MONEY)
    line_amount = String(**MONEY)
    amount_after_discounts = String(**MONEY)
    discounts = List(Nested(DiscountAnswer))
    taxes = List(Nested(TaxAnswer))
    charges = List(Nested(ChargeAnswer))


class CustomerAnswer(ma.Schema):
    type = String()
    id = String(allow_none=True)
    name = String(allow_none=True)
    email = String(allow_none=True)
    phone = String(allow_none=True)


class TotalsAnswer(ma.Schema):
    items = String(**MONEY)
    discounts = String(**MONEY)
    charges = String(**MONEY)
    taxes = String(**MONEY)
    grand_total = String(**MONEY)


class TenderAnswer(ma.Schema):
    id = UUID()
    type = String()
    amount = String(**MONEY)
    is_active = Boolean(metadata={"description": "False when another means of payment took its place."})


class PaymentAnswer(ma.Schema):
    id = UUID()
    tender_id = UUID()
    kind = String(metadata={"example": "authorize"})
    status = String(metadata={"description": "requested, done, declined or lost."})
    amount = String(**MONEY)
    shipment_id = UUID(allow_none=True)
    reference = String(allow_none=True)
    decline_code = String(allow_none=True)
    requested_at = AwareDateTime()
    settled_at = AwareDateTime(allow_none=True)


class ReservationAnswer(ma.Schema):
    id = UUID()
    item_id = UUID()
    sku = String()
    quantity = Integer()
    status = String()


class ShipmentLineAnswer(ma.Schema):
    line_id = String()
    item_id = UUID()
    first_unit = Integer()
    quantity = Integer()


class ShipmentDocument(ma.Schema):
    id = UUID()
    carrier = String()
    tracking_number = String()
    shipped_at = AwareDateTime()
    delivered_at = AwareDateTime(allow_none=True)
    value = String(metadata={"description": "What is captured for it.", "example": "63.59"})
    lines = List(Nested(ShipmentLineAnswer))


class NoteDocument(ma.Schema):
    id = UUID()
    text = String()
    author = String()
    at = AwareDateTime()


class ProcessDocument(ma.Schema):
    business_key = String(metadata={"description": "The number of what the process is about, such as the order's."})
    process_key = String(metadata={"example": "order-submit"})
    process_instance_id = String(allow_none=True)
    started_at = AwareDateTime(allow_none=True)
    ended_at = AwareDateTime(allow_none=True)


class OrderDocument(ma.Schema):
    id = UUID()
    number = String()
    collection = String()
    channel = String()
    store = String(allow_none=True)
    external_id = String()
    currency = String()
    tax_included = Boolean()
    status = String()
    status_category = String()
    version = Integer()
    placed_at = AwareDateTime()
    updated_at = AwareDateTime()
    frozen_at = AwareDateTime(allow_none=True)
    overdue_at = AwareDateTime(allow_none=True)
    cancel_requested_at = AwareDateTime(allow_none=True)
    cancel_requested_by = String(allow_none=True)
    cancel_reason = String(allow_none=True)
    undo_began_at = AwareDateTime(allow_none=True)
    undo_reason = String(allow_none=True)
    undo_ended_at = AwareDateTime(allow_none=True)
    customer = Nested(CustomerAnswer)
    billing_address = Dict(allow_none=True)
    custom_fields = Dict()
    ship_groups = List(Nested(ShipGroupAnswer))
    items = List(Nested(ItemDocument))
    discounts = List(Nested(DiscountAnswer))
    charges = List(Nested(ChargeAnswer))
    totals = Nested(TotalsAnswer)
    tenders = List(Nested(TenderAnswer))
    payments = List(Nested(PaymentAnswer))
    reservations = List(Nested(ReservationAnswer))
    shipments = List(Nested(ShipmentDocument))
    processes = List(Nested(ProcessDocument))
    notes = List(Nested(NoteDocument))
