from order_api.core.errors import BadRequest, NotFound


class PaymentEventSourceNotFound(NotFound):
    """No installed payment adapter of this tender type sends messages."""


class PaymentEventRefused(BadRequest):
    """The signature of the message is wrong, or it cannot be read. Nothing was stored."""
