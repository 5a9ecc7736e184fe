"""Takes goods that came back into stock, by what they are good for. Only sellable ones serve backorders (J6)."""

from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.reservations import repository as stock
from order_api.reservations.models import Restock, StockQuality
from order_api.reservations.serve_backorders import serve_backorders

BIN = "returns"


def restock(session: Session, key: str, sku: str, location: str, quality: StockQuality, quantity: int) -> None:
    """Repeating is safe: a key counts once."""
    stock.lock_sku(session, sku)
    if session.get(Restock, key) is not None:
        return
    bin_ = stock.bin_of(session, sku, location, BIN, quality)
    bin_.on_hand += quantity
    session.flush()
    session.add(Restock(key=key, bin_id=bin_.id, quantity=quantity, at=clock.now()))
    if quality == StockQuality.SELLABLE:
        serve_backorders(session, [sku])
