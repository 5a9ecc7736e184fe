from order_api.integrations.inventory.port import Inventory, OnAllocated
from order_api.integrations.inventory.stock_ledger import StockLedger


def inventory(on_allocated: OnAllocated) -> Inventory:
    return StockLedger(on_allocated)
