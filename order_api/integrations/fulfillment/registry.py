from functools import cache

from order_api.integrations.fulfillment.port import FulfillmentVendor
from order_api.integrations.fulfillment.warehouse import Warehouse


@cache
def vendor() -> FulfillmentVendor:
    return Warehouse()
