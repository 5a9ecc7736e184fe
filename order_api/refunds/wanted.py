"""What a refund is asked to give back: units, price reductions, charges, taxes, and money captured beyond the bill; and
the fees that a return keeps of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from order_api.proof.fees import Fee, FeeTax, Fixed, Per, Percent
from order_api.proof.remaining import Range

WHOLE_ORDER = None
"""Stands for all lines and charges that departed."""


class Goods(StrEnum):
    """What became of units that give something back. Returned ones have their remedy and fate from their return."""

    LOST = "lost"
    BROKEN = "broken"
    RETURNED = "returned"


@dataclass(frozen=True)
class WantedUnits:
    """Units of a line that give back all they have left."""

    item_id: UUID
    ranges: tuple[Range, ...]
    goods: Goods


@dataclass(frozen=True)
class Wanted:
    """Amounts are gross, in minor units. `reductions` maps items, or WHOLE_ORDER, to amounts. `taxes` has ids of taxes,
    each with the item or charge that bears it and the most to take. `excess` is the most that goes back of money
    captured beyond what is owed. `fees` keep a part of what returned units give back."""

    units: tuple[WantedUnits, ...] = ()
    reductions: tuple[tuple[UUID | None, int], ...] = ()
    charges: tuple[tuple[UUID, int], ...] = ()
    taxes: tuple[tuple[UUID, UUID, int], ...] = ()
    excess: int = 0
    fees: tuple[Fee, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "units": [[str(each.item_id), [list(units) for units in each.ranges], each.goods] for each in self.units],
            "reductions": [[None if id_ is None else str(id_), amount] for id_, amount in self.reductions],
            "charges": [[str(id_), amount] for id_, amount in self.charges],
            "taxes": [[str(id_), str(owner), amount] for id_, owner, amount in self.taxes],
            "excess": self.excess,
            "fees": [_fee_as_json(fee) for fee in self.fees],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Wanted":
        return cls(
            units=tuple(
                WantedUnits(UUID(item_id), tuple((first, count) for first, count in ranges), Goods(goods))
                for item_id, ranges, goods in stored["units"]
            ),
            reductions=tuple((UUID(id_) if id_ else None, amount) for id_, amount in stored["reductions"]),
            charges=tuple((UUID(id_), amount) for id_, amount in stored["charges"]),
            taxes=tuple((UUID(id_), UUID(owner), amount) for id_, owner, amount in stored["taxes"]),
            excess=stored["excess"],
            fees=tuple(_fee_from_json(fee) for fee in stored["fees"]),
        )

    def reduces(self) -> Iterator[UUID | None]:
        """The items and charges of which a part is taken; WHOLE_ORDER stands for all."""
        yield from (id_ for id_, _ in self.reductions)
        yield from (id_ for id_, _ in self.charges)
        yield from (owner for _, owner, _ in self.taxes)

    def conflicts_with(self, other: "Wanted") -> bool:
        """Whether granting one would change what the other takes. Different units of one line do not conflict; what was
        captured beyond the bill depends on all."""
        if self.excess or other.excess:
            return True
        ours, theirs = self.reduced, other.reduced
        our_units, their_units = self.items_given_back, other.items_given_back
        if WHOLE_ORDER in ours or WHOLE_ORDER in theirs:
            return bool((ours or our_units) and (theirs or their_units))
        return not (ours.isdisjoint(theirs) and ours.isdisjoint(their_units) and theirs.isdisjoint(our_units))

    @cached_property
    def reduced(self) -> frozenset[UUID | None]:
        return frozenset(self.reduces())

    @cached_property
    def items_given_back(self) -> frozenset[UUID]:
        return frozenset(each.item_id for each in self.units)

    def lowered_to(self, amount: int) -> "Wanted | None":
        """The same with a lower amount; None unless one amount is all that is asked for."""
        if self.units or self.taxes or self.excess or len(self.reductions) + len(self.charges) != 1:
            return None
        reductions = tuple((id_, amount) for id_, _ in self.reductions)
        return replace(self, reductions=reductions, charges=tuple((id_, amount) for id_, _ in self.charges))


def _fee_as_json(fee: Fee) -> dict[str, Any]:
    size = fee.size
    how = (
        {"share": str(size.share), "of_net": size.of_net}
        if isinstance(size, Percent)
        else {"amount": size.amount, "per": size.per}
    )
    return {"type": fee.type, **how, "lines": [str(id_) for id_ in fee.lines], "tax": fee.tax, "rate": str(fee.rate)}


def _fee_from_json(stored: dict[str, Any]) -> Fee:
    size = (
        Percent(Decimal(stored["share"]), stored["of_net"])
        if "share" in stored
        else Fixed(stored["amount"], Per(stored["per"]))
    )
    lines = tuple(UUID(id_) for id_ in stored["lines"])
    return Fee(stored["type"], size, lines, FeeTax(stored["tax"]), Decimal(stored["rate"]))
