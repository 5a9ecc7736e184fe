from marshmallow import validate
from marshmallow.fields import String

from order_api.core.fields import StrictSchema, Text


class NewPaymentBody(StrictSchema):
    """It takes over the amount that the declined one still has to pay."""

    type = String(required=True, validate=validate.OneOf(["card"]))
    token = Text(required=True, metadata={"description": "The gateway's token of the new card."})
