"""Taxes, proven (R2): each is its rate of what its line or charge is worth after all discounts."""

from collections.abc import Iterator, Sequence

from order_api.proof.allocation import tax_on
from order_api.proof.priced_order import Difference, Owner, PricedOrder, PricedTax
from order_api.proof.split import Split

RightTaxes = Sequence[Sequence[int | None]]
"""By position of the order's owners and of their taxes: what each should be, None where that cannot be said."""


def right_taxes(order: PricedOrder, split: Split) -> RightTaxes:
    """A tax within the tolerance is right as it was sent."""
    owners = zip(order.owners(), split.bases, strict=True)
    return [[_right(order, owner, base.right, tax, split.tolerance) for tax in owner.taxes] for owner, base in owners]


def taxes_are_right(order: PricedOrder, split: Split, rights: RightTaxes) -> Iterator[Difference]:
    """A tax that fits the discounts as they were sent follows from them and is not told."""
    for owner, base, rights_of_owner in zip(order.owners(), split.bases, rights, strict=True):
        for tax, right in zip(owner.taxes, rights_of_owner, strict=True):
            if base.right is None or right is None or right == tax.amount:
                continue
            follows = _is_within(split.tolerance, tax.amount, _due(order, owner, base.as_sent, tax), due=right)
            if not follows:
                message = f"{tax.rate} of {order.text(base.right)}, rounded half up."
                sent, expected = order.text(tax.amount), order.text(right)
                yield Difference(f"{tax.field}.amount", "tax_differs", message, sent, expected)


def _right(order: PricedOrder, owner: Owner, base: int | None, tax: PricedTax, tolerance: int) -> int | None:
    if base is None or not order.can_read(tax):
        return None
    due = _due(order, owner, base, tax)
    return tax.amount if _is_within(tolerance, tax.amount, due, due=due) else due


def _due(order: PricedOrder, owner: Owner, base: int, tax: PricedTax) -> int:
    return tax_on(base, tax.rate, [other.rate for other in owner.taxes], included=order.tax_included)


def _is_within(tolerance: int, sent: int, expected: int, *, due: int) -> bool:
    """Where no tax is due there is nothing to round."""
    return abs(sent - expected) <= (tolerance if due else 0)
