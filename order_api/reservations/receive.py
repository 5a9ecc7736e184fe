"""Receives goods and gives them to waiting items, strictly oldest first per sku (J6)."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.core.keys import compared
from order_api.reservations import repository as stock
from order_api.reservations.errors import ReceiptReferenceUsed
from order_api.reservations.models import Receipt, StockQuality
from order_api.reservations.serve_backorders import serve_backorders


@dataclass(frozen=True)
class StockReceipt:
    """Goods that arrived. `reference` is the sender's own id, `reported_by` the sender's full name, so the receipts of
    two senders are never confused."""

    reference: str
    sku: str
    location: str
    bin: str
    quantity: int
    reported_by: str = "system"


def receive_inventory(session: Session, receipt: StockReceipt) -> None:
    """Repeating is safe: a receipt counts once per sender, reference, sku and bin. Raises ReceiptReferenceUsed."""
    receipt = _as_compared(receipt)
    stock.lock_sku(session, receipt.sku)
    if _is_known(session, receipt):
        return
    session.add(Receipt(**vars(receipt), at=clock.now()))
    bin_ = stock.bin_of(session, receipt.sku, receipt.location, receipt.bin, StockQuality.SELLABLE)
    bin_.on_hand += receipt.quantity
    serve_backorders(session, [receipt.sku])


def _as_compared(receipt: StockReceipt) -> StockReceipt:
    """The shelf knows goods and places by what keys are compared by."""
    sku, location, bin_ = compared(receipt.sku), compared(receipt.location), compared(receipt.bin)
    return replace(receipt, reference=compared(receipt.reference), sku=sku, location=location, bin=bin_)


def _is_known(session: Session, receipt: StockReceipt) -> bool:
    earlier = session.get(Receipt, (receipt.reference, receipt.sku, receipt.location, receipt.bin, receipt.reported_by))
    if earlier is None:
        return False
    if earlier.quantity != receipt.quantity:
        raise ReceiptReferenceUsed(f"{receipt.reference} was sent before with {earlier.quantity} of {receipt.sku}.")
    return True
