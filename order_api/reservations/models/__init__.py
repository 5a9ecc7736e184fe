"""The tables of stock and of its reservations."""

from order_api.reservations.models.reservation import Reservation, ReservationBin, TakenStock
from order_api.reservations.models.stock import Bin, Receipt, Restock, StockKeepingUnit, StockQuality

__all__ = [
    "Bin",
    "Receipt",
    "Reservation",
    "ReservationBin",
    "Restock",
    "StockKeepingUnit",
    "StockQuality",
    "TakenStock",
]
