import marshmallow as ma
from marshmallow.fields import UUID, AwareDateTime, Function, String

from order_api.core.fields import StrictSchema, Text


class CancellationBody(StrictSchema):
    reason = Text(required=True, metadata={"example": "customer_changed_mind"})


class CancellationAnswer(ma.Schema):
    order_id = UUID(attribute="id")
    status = Function(lambda order: "cancel_requested")
    cancel_requested_at = AwareDateTime()
    reason = String(attribute="cancel_reason")
