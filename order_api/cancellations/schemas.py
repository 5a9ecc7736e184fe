from typing import Any

import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import List, Nested

from order_api.core.fields import Reference, StrictSchema, Text, TrueOrFalse, strict_integer

MAX_NAMED_UNITS = 100
"""Of a line, and five times as many in a request: each is a row under the order's lock."""


class CanceledLineBody(StrictSchema):
    """Send `quantity` or `units`."""

    line_id = Reference(maximum=50, required=True)
    """The channel's name for the line."""
    quantity = strict_integer(1, 100_000)
    """How many units to cancel, the highest numbers first. Repeating it cancels more, so it needs an
    `Idempotency-Key`."""
    units = List(strict_integer(1, 100_000), validate=validate.Length(min=1, max=MAX_NAMED_UNITS))
    """The numbers of the units to cancel. The units of a line are numbered from 1. Repeating it changes nothing."""

    @ma.validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if ("quantity" in data) == ("units" in data):
            raise ma.ValidationError("Send either `quantity` or `units`.", "quantity")
        if len(set(data.get("units", ()))) < len(data.get("units", ())):
            raise ma.ValidationError("Name each unit once.", "units")


class UnitsToCancelBody(StrictSchema):
    items = List(Nested(CanceledLineBody), validate=validate.Length(min=1, max=500))
    """The lines of which units are canceled; all of them or, with 409, none."""
    rest = TrueOrFalse(validate=validate.Equal(True, error="Send true or leave it out."))
    """Cancels every unit that can still be canceled, also after others have left."""

    @ma.validates_schema
    def _not_both(self, data: dict[str, Any], **_: object) -> None:
        if "items" in data and "rest" in data:
            raise ma.ValidationError("Send either `items` or `rest`.", "rest")
        line_ids = [line["line_id"] for line in data.get("items", ())]
        if len(set(line_ids)) < len(line_ids):
            raise ma.ValidationError("Name each line once.", "items")
        if sum(len(line.get("units", ())) for line in data.get("items", ())) > 5 * MAX_NAMED_UNITS:
            raise ma.ValidationError(f"Name at most {5 * MAX_NAMED_UNITS} units; use `quantity` for more.", "items")


class ReasonBody(StrictSchema):
    reason = Text(required=True, metadata={"example": "customer_changed_mind"})
    """Why, in a word or a sentence. It is kept in the history and shown to customer service."""


class CancellationBody(ReasonBody, UnitsToCancelBody):
    """Without `items` and `rest`, the whole order is canceled."""


class PreviewBody(UnitsToCancelBody):
    """Without `items` and `rest`, shows what canceling every open unit would do."""
