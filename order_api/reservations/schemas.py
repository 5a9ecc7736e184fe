from dataclasses import dataclass

from order_api.core.fields import Key, StrictSchema, strict_integer


class ReceiptBody(StrictSchema):
    reference = Key(maximum=100, required=True)
    """Your own id of the receipt. A repeated one adds nothing."""
    sku = Key(maximum=100, required=True)
    """What was received."""
    location = Key(maximum=100, load_default="main")
    """Where it was received."""
    bin = Key(maximum=100, load_default="default")
    """The place within the location."""
    quantity = strict_integer(1, 10_000_000, required=True)
    """How many units were received."""


@dataclass
class ReceiptAnswer:
    reference: str
    """Your own id of the receipt."""
    sku: str
    """What was received."""
    location: str
    """Where it was received."""
    bin: str
    """The place within the location."""
    quantity: int
    """How many units were received."""
