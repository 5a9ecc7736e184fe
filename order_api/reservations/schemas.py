from dataclasses import dataclass

from order_api.core.fields import Key, StrictSchema, strict_integer


class ReceiptBody(StrictSchema):
    reference = Key(maximum=100, required=True, metadata={"description": "Your own id; a repeated one adds nothing."})
    sku = Key(maximum=100, required=True)
    location = Key(maximum=100, load_default="main")
    bin = Key(maximum=100, load_default="default")
    quantity = strict_integer(1, 10_000_000, required=True)


@dataclass
class ReceiptAnswer:
    reference: str
    sku: str
    location: str
    bin: str
    quantity: int
