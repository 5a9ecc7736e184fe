"""The builtin inventory: a ledger of bins and holds. One row lock per sku orders everything that happens to it (J6)."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.core.database import transaction
from order_api.reservations.models import Bin, Hold, HoldBin, Receipt, StockKeepingUnit, Taken
from order_api.reservations.port import OnAllocated, ReceiptReferenceUsed, StockAnswer, StockReceipt

SERVED_AT_ONCE = 100
"""Holds in line that one transaction serves: meanwhile nobody else gets at the sku."""


class StockLedger:
    def __init__(self, on_allocated: OnAllocated) -> None:
        self.on_allocated = on_allocated

    def hold(self, key: UUID, sku: str, quantity: int) -> StockAnswer:
        with transaction() as session:
            unit = _lock(session, sku)
            if (known := session.get(Hold, key)) is not None:
                return _standing(known) or StockAnswer.REFUSED
            waiting = _missing(session, sku)
            missing = max(0, quantity - (0 if waiting else _free(session, sku)))
            if missing and unit.backorder_limit is not None and waiting + quantity > unit.backorder_limit:
                return StockAnswer.REFUSED
            hold = Hold(key=key, sku=sku, quantity=quantity, allocated=0, taken=0)
            session.add(hold)
            if not missing:
                _allocate(session, hold, quantity)
            return _standing(hold) or StockAnswer.REFUSED

    def find(self, key: UUID) -> StockAnswer | None:
        with transaction() as session:
            hold = session.get(Hold, key)
            return None if hold is None else _standing(hold)

    def release(self, key: UUID, sku: str, shipped: int) -> None:
        with transaction() as session:
            _lock(session, sku)
            hold = session.get(Hold, key) or Hold(key=key, sku=sku, quantity=0, allocated=0, taken=0)
            session.add(hold)
            if hold.released_at is None:
                hold.released_at = clock.now()
                _give_back(session, hold, max(0, hold.allocated - max(shipped, hold.taken)))
            is_more = self._serve_line(session, sku)
        self._serve_rest(sku, is_more)

    def take(self, key: UUID, shipment: UUID, quantity: int) -> None:
        with transaction() as session:
            hold = session.get_one(Hold, key)
            _lock(session, hold.sku)
            session.refresh(hold)
            if session.get(Taken, (key, shipment)) is not None:
                return
            session.add(Taken(hold_key=key, shipment_id=shipment, quantity=quantity))
            hold.taken += quantity
            for share, part in _parts(session, hold, quantity):
                bin_ = session.get_one(Bin, share.bin_id)
                bin_.on_hand, bin_.held, share.quantity = bin_.on_hand - part, bin_.held - part, share.quantity - part

    def receive(self, receipt: StockReceipt) -> None:
        with transaction() as session:
            _lock(session, receipt.sku)
            if _is_new(session, receipt):
                _bin(session, receipt).on_hand += receipt.quantity
            is_more = self._serve_line(session, receipt.sku)
        self._serve_rest(receipt.sku, is_more)

    def _serve_rest(self, sku: str, is_more: bool) -> None:
        """Dying in between is harmless: whoever had no answer repeats, and the line is served from where it stood."""
        while is_more:
            with transaction() as session:
                _lock(session, sku)
                is_more = self._serve_line(session, sku)

    def _serve_line(self, session: Session, sku: str) -> bool:
        """Gives free stock to those who wait, strictly the oldest first; the last may get a part and go on waiting.

        True when there may be more to serve than one transaction does.
        """
        session.flush()
        free, waiting = _free(session, sku), _waiting(session, sku, SERVED_AT_ONCE)
        for hold in waiting:
            part = min(free, hold.quantity - hold.allocated)
            if not part:
                return False
            _allocate(session, hold, part)
            free -= part
            if hold.allocated == hold.quantity:
                self.on_allocated(session, hold.key)
        return len(waiting) == SERVED_AT_ONCE


def _lock(session: Session, sku: str) -> StockKeepingUnit:
    """The sku's row, made when it is first heard of; whoever has it locked decides alone."""
    unit = session.get(StockKeepingUnit, sku, with_for_update=True, populate_existing=True)
    if unit is not None:
        return unit
    session.execute(insert(StockKeepingUnit).values(sku=sku).on_conflict_do_nothing())
    return session.get_one(StockKeepingUnit, sku, with_for_update=True, populate_existing=True)


def _standing(hold: Hold) -> StockAnswer | None:
    if hold.released_at is not None:
        return None
    return StockAnswer.HELD if hold.allocated == hold.quantity else StockAnswer.BACKORDERED


def _in_line(sku: str) -> tuple[ColumnElement[bool], ...]:
    return Hold.sku == sku, Hold.released_at.is_(None), Hold.allocated < Hold.quantity


def _waiting(session: Session, sku: str, most: int) -> list[Hold]:
    return list(session.scalars(select(Hold).where(*_in_line(sku)).order_by(Hold.place).limit(most)))


def _missing(session: Session, sku: str) -> int:
    """Units that those in line still wait for."""
    missing = func.coalesce(func.sum(Hold.quantity - Hold.allocated), 0)
    return int(session.scalar(select(missing).where(*_in_line(sku))) or 0)


def _free(session: Session, sku: str) -> int:
    return int(session.scalar(select(func.coalesce(func.sum(Bin.on_hand - Bin.held), 0)).where(Bin.sku == sku)) or 0)


def _allocate(session: Session, hold: Hold, quantity: int) -> None:
    hold.allocated += quantity
    bins = select(Bin).where(Bin.sku == hold.sku, Bin.on_hand > Bin.held).order_by(Bin.location, Bin.name)
    for bin_ in session.scalars(bins):
        part = min(quantity, bin_.on_hand - bin_.held)
        bin_.held += part
        share = insert(HoldBin).values(hold_key=hold.key, bin_id=bin_.id, quantity=part)
        more = {"quantity": HoldBin.quantity + share.excluded.quantity}
        session.execute(share.on_conflict_do_update(index_elements=[HoldBin.hold_key, HoldBin.bin_id], set_=more))
        quantity -= part
        if not quantity:
            break
    session.flush()


def _parts(session: Session, hold: Hold, quantity: int) -> Iterator[tuple[HoldBin, int]]:
    """From which of the hold's bins how many of `quantity` units come."""
    shares = select(HoldBin).where(HoldBin.hold_key == hold.key, HoldBin.quantity > 0).order_by(HoldBin.bin_id)
    for share in list(session.scalars(shares)):
        part = min(quantity, share.quantity)
        quantity -= part
        if part:
            yield share, part


def _give_back(session: Session, hold: Hold, quantity: int) -> None:
    hold.allocated -= quantity
    for share, part in _parts(session, hold, quantity):
        session.get_one(Bin, share.bin_id).held -= part
        share.quantity -= part


def _is_new(session: Session, receipt: StockReceipt) -> bool:
    known = session.get(Receipt, (receipt.reference, receipt.sku, receipt.location, receipt.bin))
    if known is None:
        session.add(Receipt(**vars(receipt), at=clock.now()))
        return True
    if known.told_by != receipt.told_by:
        raise ReceiptReferenceUsed(f"Somebody else has sent {receipt.reference} before; take a reference of your own.")
    if known.quantity != receipt.quantity:
        raise ReceiptReferenceUsed(f"{receipt.reference} brought {known.quantity} of {receipt.sku}.")
    return False


def _bin(session: Session, receipt: StockReceipt) -> Bin:
    query = select(Bin).where(Bin.sku == receipt.sku, Bin.location == receipt.location, Bin.name == receipt.bin)
    bin_ = session.scalar(query)
    if bin_ is None:
        bin_ = Bin(sku=receipt.sku, location=receipt.location, name=receipt.bin, on_hand=0, held=0)
        session.add(bin_)
    return bin_
