"""Proves taxes (R2): each is its rate times the worth of its line or charge after all discounts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from order_api.proof.allocation import tax_on
from order_api.proof.priced_order import Difference, Owner, PricedOrder, PricedTax
from order_api.proof.split import Split, TaxBase


@dataclass(frozen=True)
class Taxed:
    """A line or charge, its tax base, and the corrected amount of each tax, None if that is unknown."""

    owner: Owner
    base: TaxBase
    taxes: Sequence[tuple[PricedTax, int | None]]


def taxed(order: PricedOrder, split: Split) -> list[Taxed]:
    """In the order of `owners()`. A tax within the tolerance is right as sent.

    Raises ValueError if the split belongs to an order with a different number of lines or charges.
    """
    return [
        Taxed(
            owner, base, [(tax, _corrected(order, owner, base.corrected, tax, split.tolerance)) for tax in owner.taxes]
        )
        for owner, base in zip(order.owners(), split.bases, strict=True)
    ]


def taxes_are_right(order: PricedOrder, parts: Sequence[Taxed], tolerance: int) -> Iterator[Difference]:
    """Does not report a tax that fits the discounts as sent, because the discounts are reported."""
    for part in parts:
        for tax, corrected in part.taxes:
            if part.base.corrected is None or corrected is None or corrected == tax.amount:
                continue
            as_sent = _due(order, part.owner, part.base.as_sent, tax)
            if not _is_within(tolerance, tax.amount, as_sent, due=corrected):
                message = f"Rate {tax.rate} gives another tax on {order.text(part.base.corrected)}."
                sent, expected = order.text(tax.amount), order.text(corrected)
                yield Difference(f"{tax.field}.amount", "tax_differs", message, sent, expected)


def _corrected(order: PricedOrder, owner: Owner, base: int | None, tax: PricedTax, tolerance: int) -> int | None:
    if base is None or not order.can_read(tax):
        return None
    due = _due(order, owner, base, tax)
    return tax.amount if _is_within(tolerance, tax.amount, due, due=due) else due


def _due(order: PricedOrder, owner: Owner, base: int, tax: PricedTax) -> int:
    return tax_on(base, tax.rate, [other.rate for other in owner.taxes], included=order.tax_included)


def _is_within(tolerance: int, sent: int, expected: int, *, due: int) -> bool:
    """Applies no tolerance where no tax is due, because nothing is rounded."""
    return abs(sent - expected) <= (tolerance if due else 0)
