"""The tables of stock: what lies where, and what of it is set aside for which item."""

from order_api.reservations.models.reservation import Reservation, ReservationBin, TakenStock
from order_api.reservations.models.stock import Bin, Receipt, StockKeepingUnit

__all__ = ["Bin", "Receipt", "Reservation", "ReservationBin", "StockKeepingUnit", "TakenStock"]
