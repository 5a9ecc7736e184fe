from marshmallow import validate
from marshmallow.fields import String

from order_api.core.fields import StrictSchema, Text
from order_api.integrations.payment import tender_types


class NewPaymentBody(StrictSchema):
    """The new tender takes over the amount that the declined one still has to pay."""

    type = String(required=True, validate=validate.OneOf(tender_types.token_types()))
    """Means of payment."""
    token = Text(required=True)
    """The gateway's token for the new card."""
