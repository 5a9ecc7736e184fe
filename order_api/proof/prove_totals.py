"""Proves totals and tenders: lines − discounts + charges + taxes = grand total = Σ tenders, without tolerance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from order_api.proof.priced_order import Difference, PricedOrder
from order_api.proof.prove_taxes import Taxed

Sums = Mapping[str, int | None]
"""By the name of a total; None if it is unknown."""


@dataclass(frozen=True)
class Totals:
    """The sums of the order's parts: as sent, and corrected."""

    as_sent: Sums
    corrected: Sums


def totals_of(order: PricedOrder, parts: Sequence[Taxed]) -> Totals:
    return Totals(_as_sent(order, parts), _corrected(order, parts))


def totals_add_up(order: PricedOrder, totals: Totals) -> Iterator[Difference]:
    for name, expected in totals.corrected.items():
        total, field = order.totals[name], f"totals.{name}"
        if expected is None or field in order.unreadable_fields or total in (expected, totals.as_sent[name]):
            continue
        message = "It must be the sum of the order's parts."
        yield Difference(field, "total_differs", message, order.text(total), order.text(expected))


def tenders_pay(order: PricedOrder, totals: Totals) -> Iterator[Difference]:
    paid, due = sum(order.tenders), totals.corrected["grand_total"]
    if due is None or not order.can_read_all_below("tenders") or paid in (due, totals.as_sent["grand_total"]):
        return
    yield Difference(
        "tenders", "tenders_differ", "The tenders together must pay the grand total.", order.text(paid), order.text(due)
    )


def _as_sent(order: PricedOrder, parts: Sequence[Taxed]) -> Sums:
    return _with_grand_total(
        order,
        items=sum(line.amount for line in order.lines),
        discounts=sum(part.owner.amount - part.base.as_sent for part in parts),
        charges=sum(charge.amount for charge in order.all_charges()),
        taxes=sum(tax.amount for part in parts for tax, _ in part.taxes),
    )


def _corrected(order: PricedOrder, parts: Sequence[Taxed]) -> Sums:
    return _with_grand_total(
        order,
        items=sum(line.amount for line in order.lines),
        discounts=_sum(
            None if part.base.corrected is None else part.owner.amount - part.base.corrected for part in parts
        ),
        charges=_sum(charge.amount if order.can_read(charge) else None for charge in order.all_charges()),
        taxes=_sum(corrected for part in parts for _, corrected in part.taxes),
    )


def _with_grand_total(order: PricedOrder, **sums: int | None) -> Sums:
    lowered = None if sums["discounts"] is None else -sums["discounts"]
    added_tax = 0 if order.tax_included else sums["taxes"]
    return {**sums, "grand_total": _sum((sums["items"], lowered, sums["charges"], added_tax))}


def _sum(amounts: Iterable[int | None]) -> int | None:
    sent = list(amounts)
    return None if None in sent else sum(amount for amount in sent if amount is not None)
