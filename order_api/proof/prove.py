"""The arithmetic of a placed order, proven (R1–R3): one validator per rule, each returns every difference it finds."""

from collections.abc import Iterator

from order_api.proof.allocation import tax_on
from order_api.proof.priced_order import Difference, PricedOrder
from order_api.proof.prove_discounts import discount_fits, split_discount
from order_api.proof.prove_totals import tenders_pay, totals_add_up


def prove(order: PricedOrder, tolerance: int = 0) -> list[Difference]:
    """Splits the order's discounts over the lines on the way. `tolerance` is in minor units per tax and share.

    What merely follows from another difference is not told: an amount is right if it fits the order as it should be,
    and excused if it fits the order as it was sent. `expected` is always of the former. Where nobody can say what it
    should be, because a discount exceeds its amount or an amount cannot be read, nothing is told of what depends on it.
    """
    return [
        *order.unreadable,
        *_duplicate_charges(order),
        *(d for owner in order.owners() for d in discount_fits(order, owner)),
        *(d for discount in order.discounts for d in split_discount(order, discount, tolerance)),
        *_taxes(order, tolerance),
        *totals_add_up(order),
        *tenders_pay(order),
    ]


def _duplicate_charges(order: PricedOrder) -> Iterator[Difference]:
    scopes = [*order.group_charges.values(), *(line.charges for line in order.lines), order.charges]
    for charges in scopes:
        seen: set[str] = set()
        for charge in charges:
            if charge.type in seen:
                yield Difference(
                    f"{charge.field}.type", "duplicate_charge_type", "One charge per type and place.", charge.type
                )
            seen.add(charge.type)


def _taxes(order: PricedOrder, tolerance: int) -> Iterator[Difference]:
    for owner in order.owners():
        if owner.is_doubtful:
            continue
        rates = [tax.rate for tax in owner.taxes]
        for tax in filter(order.can_read, owner.taxes):
            right = tax_on(owner.tax_base, tax.rate, rates, included=order.tax_included)
            excused = tax_on(owner.amount_after_discounts, tax.rate, rates, included=order.tax_included)
            # A tax within the tolerance is kept as it was sent; where none is due there is nothing to round.
            allowed = tolerance if right else 0
            tax.right = tax.amount if abs(tax.amount - right) <= allowed else right
            if tax.right != tax.amount and abs(tax.amount - excused) > allowed:
                message = f"{tax.rate} of {order.text(owner.tax_base)}, rounded half up."
                yield Difference(
                    f"{tax.field}.amount", "tax_differs", message, order.text(tax.amount), order.text(right)
                )
