"""The tables of stock and of its reservations."""

from order_api.reservations.models.reservation import Reservation, ReservationBin, TakenStock
from order_api.reservations.models.stock import Bin, Receipt, StockKeepingUnit

__all__ = ["Bin", "Receipt", "Reservation", "ReservationBin", "StockKeepingUnit", "TakenStock"]
