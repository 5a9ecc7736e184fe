import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import UUID, AwareDateTime, List, Nested, String

from order_api.core.fields import Key, StrictSchema, Text, strict_integer


class ShipmentLineBody(StrictSchema):
    item_id = UUID(required=True)
    quantity = strict_integer(1, 100_000, required=True)


class ShipmentBody(StrictSchema):
    """Goods that left together. The same parcel sent again changes nothing."""

    carrier = Text(maximum=50, required=True, metadata={"example": "dhl"})
    tracking_number = Key(maximum=100, required=True)
    lines = List(Nested(ShipmentLineBody), required=True, validate=validate.Length(min=1, max=500))

    @ma.validates_schema
    def _items_once(self, data: dict[str, list[dict[str, object]]], **_: object) -> None:
        items = [line["item_id"] for line in data["lines"]]
        if len(set(items)) < len(items):
            raise ma.ValidationError("Name each item once.", "lines")


class ShipmentAnswer(ma.Schema):
    id = UUID()
    order_id = UUID()
    carrier = String()
    tracking_number = String()
    shipped_at = AwareDateTime()
    delivered_at = AwareDateTime(allow_none=True)


class DeliveryBody(StrictSchema):
    """Nothing to say but that the parcel arrived."""
