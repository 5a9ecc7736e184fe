"""Goods arrived. They go to those who wait, strictly the oldest first per sku, and their flows are woken (J6)."""

from order_api.reservations import repository as reservations
from order_api.reservations.port import StockReceipt


def receive_inventory(receipt: StockReceipt) -> None:
    """Repeating is safe: a receipt counts once per reference, sku and bin."""
    reservations.inventory().receive(receipt)
