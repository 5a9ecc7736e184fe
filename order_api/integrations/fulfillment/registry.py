from typing import cast

from order_api.integrations.adapters import Port, adapter
from order_api.integrations.fulfillment.port import FulfillmentVendor


def vendor(location: str) -> FulfillmentVendor:
    """The vendor that sends goods from this location."""
    return cast(FulfillmentVendor, adapter(Port.FULFILLMENT, location))
