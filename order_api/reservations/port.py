"""The role of an inventory system, in our words."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.core.errors import BusinessRuleViolated


class StockAnswer(StrEnum):
    HELD = "held"
    BACKORDERED = "backordered"
    REFUSED = "refused"


OnAllocated = Callable[[Session, UUID], None]
"""Called with a hold's key in the transaction in which a backorder got all of its units."""


@dataclass(frozen=True)
class StockReceipt:
    """Goods that arrived; `reference` is the sender's own id, so that a repeated receipt adds nothing.

    `told_by` is who told us, for whoever counts the shelves later, and so that nobody's goods pass for another's.
    """

    reference: str
    sku: str
    location: str
    bin: str
    quantity: int
    told_by: str = "system"


class ReceiptReferenceUsed(BusinessRuleViolated):
    """A receipt with this reference came before, with another quantity or from somebody else."""


class Inventory(Protocol):
    """A hold is named by our key: asked twice, it is made once. Holds take the whole quantity or wait for it."""

    def hold(self, key: UUID, sku: str, quantity: int) -> StockAnswer:
        """HELD when stock was there, BACKORDERED when it waits in line, REFUSED above the backorder limit."""
        ...

    def find(self, key: UUID) -> StockAnswer | None:
        """How the hold stands now; None when it never arrived or was released."""
        ...

    def release(self, key: UUID, sku: str, shipped: int) -> None:
        """Gives back what the hold has but for `shipped` units, which are taken or will be, and leaves the line.

        A key never seen can never be held later, so a hold still under way elsewhere comes to nothing.
        """
        ...

    def take(self, key: UUID, shipment: UUID, quantity: int) -> None:
        """Units of the hold have left the building with this shipment; told twice, they leave once."""
        ...

    def receive(self, receipt: StockReceipt) -> None:
        """Adds stock and gives it to those who wait, strictly the oldest first. Raises ReceiptReferenceUsed."""
        ...
