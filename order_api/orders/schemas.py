"""How an order looks to those who read it. Money is a decimal string beside its currency."""

from typing import Any

import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import UUID, AwareDateTime, Dict, Integer, List, Nested, String

from order_api.core import money
from order_api.core.fields import Lines, Pattern, StrictSchema, Text
from order_api.words import Channel
from order_api.words.events import Event


class MoneyText(String):
    """Minor units to a decimal string, by the currency of the object."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else money.to_text(value, obj.currency)


class OrderSummary(ma.Schema):
    id = UUID()
    number = String()
    collection = String(attribute="collection_key")
    channel = String()
    store = String(allow_none=True)
    external_id = String()
    status = String()
    currency = String()
    grand_total = MoneyText()
    customer_id = String(allow_none=True)
    customer_name = String(allow_none=True)
    placed_at = AwareDateTime()
    cancel_requested_at = AwareDateTime(allow_none=True)
    overdue_at = AwareDateTime(allow_none=True)


NEXT_CURSOR: dict[str, Any] = {
    "allow_none": True,
    "metadata": {"description": "Send it as `cursor` for the next page; null at the end."},
}


class OrderPage(ma.Schema):
    orders = List(Nested(OrderSummary), attribute="rows")
    next_cursor = String(**NEXT_CURSOR)


SORTS = ("-placed_at", "placed_at", "-total", "total")


class OrderQuery(StrictSchema):
    number = Text()
    external_id = Text()
    status = Text()
    channel = String(validate=validate.OneOf(list(Channel)))
    store = Text()
    collection = Text()
    customer_id = Text()
    customer_email = Text(maximum=254, metadata={"description": "In capital or small letters."})
    currency = String(
        validate=Pattern(r"^[A-Z]{3}$"),
        metadata={"description": "Needed to sort by total: amounts of different currencies cannot be compared."},
    )
    placed_from = AwareDateTime(format="iso", metadata={"description": "With time zone, inclusive."})
    placed_before = AwareDateTime(format="iso", metadata={"description": "With time zone, exclusive."})
    sort = String(load_default="-placed_at", validate=validate.OneOf(SORTS))
    limit = Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = Text(maximum=500)

    @ma.validates_schema
    def _totals_are_of_one_currency(self, data: dict[str, Any], **_: object) -> None:
        if data["sort"].endswith("total") and "currency" not in data:
            raise ma.ValidationError("To sort by total, name the currency of the orders, for example USD.", "currency")


class EventAnswer(ma.Schema):
    sequence = Integer()
    at = AwareDateTime()
    event = String(validate=validate.OneOf(list(Event)), metadata={"example": Event.ORDER_STATUS_CHANGED})
    actor_kind = String()
    actor_id = String()
    item_id = UUID(allow_none=True)
    before = String(allow_none=True)
    after = String(allow_none=True)
    reason = String(allow_none=True)
    details = Dict()


class HistoryQuery(StrictSchema):
    limit = Integer(load_default=500, validate=validate.Range(min=1, max=1000))
    cursor = Text(maximum=500)


class HistoryAnswer(ma.Schema):
    events = List(Nested(EventAnswer), attribute="rows")
    next_cursor = String(**NEXT_CURSOR)


class NoteBody(StrictSchema):
    text = Lines(maximum=2000, required=True)


class NoteAnswer(ma.Schema):
    id = UUID()
    text = String()
    author = String()
    at = AwareDateTime()
