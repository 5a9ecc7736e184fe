"""Takes goods that came back into stock, by what they are good for. Only sellable ones serve backorders (J6)."""

from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.reservations import repository as stock
from order_api.reservations.models import Bin, Restock, StockQuality
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


def restock_as(session: Session, key: str, rest_key: str, sku: str, quality: StockQuality, quantity: int) -> None:
    """So many units that were restocked under `key` are now of this quality; the others go on under `rest_key`.
    Repeating is safe."""
    stock.lock_sku(session, sku)
    row = session.get_one(Restock, key, populate_existing=True)
    before = session.get_one(Bin, row.bin_id, populate_existing=True)
    if before.quality == quality:
        return
    if row.quantity > quantity:
        session.add(Restock(key=rest_key, bin_id=row.bin_id, quantity=row.quantity - quantity, at=row.at))
        row.quantity = quantity
    after = stock.bin_of(session, sku, before.location, before.name, quality)
    before.on_hand -= quantity
    after.on_hand += quantity
    session.flush()
    row.bin_id = after.id
    if quality == StockQuality.SELLABLE:
        serve_backorders(session, [sku])
