"""The tables of stock: what lies where, and what of it is set aside for which item."""

from order_api.reservations.models.reservation import Reservation
from order_api.reservations.models.stock import Bin, Hold, HoldBin, Receipt, StockKeepingUnit, Taken

__all__ = ["Bin", "Hold", "HoldBin", "Receipt", "Reservation", "StockKeepingUnit", "Taken"]
