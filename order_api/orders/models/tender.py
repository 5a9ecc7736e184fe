from typing import Self
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_word
from order_api.core.database import Base, deferred_reference
from order_api.words import TenderType

CAPTURE_ORDER = tuple(TenderType)
"""Captures use tenders in this order, refunds in reverse order (R8). A type that is not listed ranks with the card."""


class Tender(Base):
    """One means of payment on an order. `token` is the gateway's token for the card, never a card number.

    `placed_with` is the amount that it was placed with and never changes. A replaced tender keeps what it captured as
    its `amount`; the rest went to the new one.
    """

    __tablename__ = "tenders"
    __table_args__ = (CheckConstraint("amount >= 0", "amount"), check_word("type"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    type: Mapped[str]
    token: Mapped[str | None]
    amount: Mapped[int]
    placed_with: Mapped[int]
    replaced_by_id: Mapped[UUID | None] = mapped_column(deferred_reference("tenders.id"))

    @classmethod
    def placed(cls, position: int, type_: str, token: str | None, amount: int) -> Self:
        return cls(id=uuid4(), position=position, type=type_, token=token, amount=amount, placed_with=amount)

    @property
    def is_active(self) -> bool:
        return self.replaced_by_id is None

    @property
    def capture_rank(self) -> tuple[int, int]:
        ranked = self.type if self.type in CAPTURE_ORDER else TenderType.CARD
        return CAPTURE_ORDER.index(TenderType(ranked)), self.position

    @property
    def name(self) -> str:
        """The type as a sentence spells it, for example "gift card"."""
        return self.type.replace("_", " ")
