"""A sku of its own in the builtin stock ledger, for tests that look at its books."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import func, select

from order_api.core.database import transaction
from order_api.reservations.models import Bin, Hold, StockKeepingUnit
from order_api.reservations.port import StockAnswer, StockReceipt
from order_api.reservations.stock_ledger import StockLedger


@dataclass
class Shelf:
    """One sku of its own, and who was told that stock came for them."""

    sku: str = field(default_factory=lambda: f"SKU-{uuid4()}")
    told: list[UUID] = field(default_factory=list)

    @property
    def ledger(self) -> StockLedger:
        return StockLedger(lambda _session, key: self.told.append(key))

    def receive(self, quantity: int, bin: str = "A") -> None:
        self.ledger.receive(StockReceipt(f"R-{uuid4()}", self.sku, "main", bin, quantity))

    def hold(self, quantity: int, key: UUID | None = None) -> tuple[UUID, StockAnswer]:
        key = key or uuid4()
        return key, self.ledger.hold(key, self.sku, quantity)

    def release(self, key: UUID, shipped: int = 0) -> None:
        self.ledger.release(key, self.sku, shipped)

    def take(self, key: UUID, quantity: int, shipment: UUID | None = None) -> None:
        self.ledger.take(key, shipment or uuid4(), quantity)

    def find(self, key: UUID) -> StockAnswer | None:
        return self.ledger.find(key)

    def count(self) -> tuple[int, int]:
        """On hand, and how much of it is promised; both as the bins say."""
        with transaction() as session:
            sums = select(func.coalesce(func.sum(Bin.on_hand), 0), func.coalesce(func.sum(Bin.held), 0))
            on_hand, held = session.execute(sums.where(Bin.sku == self.sku)).one()
            return int(on_hand), int(held)

    def allocated(self, key: UUID) -> int:
        with transaction() as session:
            return session.get_one(Hold, key).allocated

    def limit_backorders_to(self, units: int) -> None:
        with transaction() as session:
            session.merge(StockKeepingUnit(sku=self.sku, backorder_limit=units))

    def line(self) -> list[Hold]:
        """Everybody who was not released, the oldest first."""
        with transaction() as session:
            holds = select(Hold).where(Hold.sku == self.sku, Hold.released_at.is_(None))
            return list(session.scalars(holds.order_by(Hold.place)))

    def promised(self) -> int:
        """What the holds say is promised and has not left; the bins must say the same."""
        with transaction() as session:
            return sum(
                hold.allocated - hold.taken for hold in session.scalars(select(Hold).where(Hold.sku == self.sku))
            )
