import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import List, Nested, String

from order_api.core.fields import Key, Reference, StrictSchema, Text, strict_integer
from order_api.shipments.words import UnableToShipReason


class ShipmentLineBody(StrictSchema):
    line_id = Reference(maximum=50, required=True)
    """The channel's name for the line."""
    quantity = strict_integer(1, 100_000, required=True)
    """How many units of the line are in the parcel."""


class ShipmentBody(StrictSchema):
    """Goods that left together. The same parcel sent again changes nothing."""

    carrier = Text(maximum=50, required=True, metadata={"example": "dhl"})
    """Who carries the parcel."""
    tracking_number = Key(maximum=100, required=True)
    """The carrier's number of the parcel. The same number sent again changes nothing."""
    lines = List(Nested(ShipmentLineBody), required=True, validate=validate.Length(min=1, max=500))
    """What is in the parcel."""

    @ma.validates_schema
    def _lines_once(self, data: dict[str, list[dict[str, object]]], **_: object) -> None:
        line_ids = [line["line_id"] for line in data["lines"]]
        if len(set(line_ids)) < len(line_ids):
            raise ma.ValidationError("Name each line once.", "lines")


class DeliveryBody(StrictSchema):
    """Empty: the path names the parcel that arrived."""


class UnableToShipBody(StrictSchema):
    reason = String(required=True, validate=validate.OneOf(list(UnableToShipReason)), metadata={"example": "damaged"})
    """Why the item cannot ship."""
    note = Text()
    """An explanation in the warehouse's own words, kept in the order's history."""
