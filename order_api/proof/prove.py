"""Proves the arithmetic of a placed order (R1–R3): one validator per rule, each returns every difference it finds."""

from collections.abc import Iterator

from order_api.proof.priced_order import Difference, PricedOrder
from order_api.proof.prove_discounts import own_discounts_fit, shares_fit
from order_api.proof.prove_taxes import taxed, taxes_are_right
from order_api.proof.prove_totals import tenders_pay, totals_add_up, totals_of
from order_api.proof.split import Split


def differences(order: PricedOrder, split: Split) -> list[Difference]:
    """Every contradiction within the order. Raises ValueError if `split` belongs to another order.

    Omits consequences of other differences: an amount is right if it fits the corrected order, and excused if it fits
    the order as sent. `expected` always refers to the corrected order. If the corrected amount is unknown, because a
    discount exceeds its amount or an amount cannot be read, everything that depends on it is omitted too.
    """
    parts = taxed(order, split)
    totals = totals_of(order, parts)
    discounts = zip(order.discounts, split.discounts, strict=True)
    return [
        *order.unreadable,
        *_duplicate_charges(order),
        *(found for owner in order.owners() for found in own_discounts_fit(order, owner)),
        *(found for one, shared in discounts for found in shares_fit(order, one, shared, split.tolerance)),
        *taxes_are_right(order, parts, split.tolerance),
        *totals_add_up(order, totals),
        *tenders_pay(order, totals),
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
