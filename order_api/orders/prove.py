"""The arithmetic of a placed order, proven (R1–R3): one validator per rule, each returns every difference it finds."""

from collections.abc import Iterator

from order_api.orders.allocation import split_by_largest_remainder, tax_on
from order_api.orders.priced_order import (
    Difference,
    PricedCharge,
    PricedLine,
    PricedOrder,
    PricedOrderDiscount,
    PricedTax,
)


def prove(order: PricedOrder, tolerance: int = 0) -> list[Difference]:
    """Splits the order's discounts over the lines on the way. `tolerance` is in minor units per tax and share.

    A discount larger than its amount is told without what would follow from it: taxes, totals and tenders.
    """
    doubled, misfits = [*_duplicate_charges(order)], [*_discounts_fit(order)]
    if misfits:
        return doubled + misfits
    return [
        *doubled,
        *(d for discount in order.discounts for d in _split(order, discount, tolerance)),
        *_taxes(order, tolerance),
        *_totals(order),
        *_tenders(order),
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


def _discounts_fit(order: PricedOrder) -> Iterator[Difference]:
    owners: list[tuple[PricedLine | PricedCharge, int]] = [(line, line.after_item_discounts) for line in order.lines]
    owners += [(charge, charge.amount_after_discounts) for charge in order.all_charges()]
    for owner, left in owners:
        if left < 0:
            sent = order.text(owner.amount - left)
            yield Difference(
                f"{owner.field}.discounts",
                "discount_exceeds_amount",
                "At most the amount.",
                sent,
                order.text(owner.amount),
            )


def _split(order: PricedOrder, discount: PricedOrderDiscount, tolerance: int) -> Iterator[Difference]:
    lines = [order.lines[i] for i in discount.eligible]
    room = [line.amount_after_discounts for line in lines]
    if discount.amount > sum(room):
        message = "An order discount is at most what its lines are worth."
        yield Difference(
            f"{discount.field}.amount",
            "discount_exceeds_amount",
            message,
            order.text(discount.amount),
            order.text(sum(room)),
        )
        return
    split = split_by_largest_remainder(discount.amount, [line.after_item_discounts for line in lines], room)
    ours = dict(zip(discount.eligible, split, strict=True))
    yield from _sent_shares(order, discount, ours, tolerance)
    discount.shares = discount.sent_shares if discount.sent_shares is not None else ours
    for position, share in discount.shares.items():
        order.lines[position].order_discount += share


def _sent_shares(
    order: PricedOrder, discount: PricedOrderDiscount, ours: dict[int, int], tolerance: int
) -> Iterator[Difference]:
    if discount.sent_shares is None:
        return
    if (total := sum(discount.sent_shares.values())) != discount.amount:
        message = "The shares do not add up to the discount."
        yield Difference(
            f"{discount.field}.shares", "shares_do_not_add_up", message, order.text(total), order.text(discount.amount)
        )
    for index, (position, share) in enumerate(discount.sent_shares.items()):
        expected = ours.get(position, 0)
        if abs(share - expected) > tolerance or share > order.lines[position].amount_after_discounts:
            message = "Largest remainder, weighted by the lines after item discounts."
            path = f"{discount.field}.shares.{index}.amount"
            yield Difference(path, "share_differs", message, order.text(share), order.text(expected))


def _taxes(order: PricedOrder, tolerance: int) -> Iterator[Difference]:
    for line in order.lines:
        yield from _taxes_of(order, line.amount_after_discounts, line.taxes, tolerance)
    for charge in order.all_charges():
        yield from _taxes_of(order, charge.amount_after_discounts, charge.taxes, tolerance)


def _taxes_of(order: PricedOrder, base: int, taxes: list[PricedTax], tolerance: int) -> Iterator[Difference]:
    rates = [tax.rate for tax in taxes]
    for tax in taxes:
        expected = tax_on(base, tax.rate, rates, included=order.tax_included)
        if abs(tax.amount - expected) > tolerance:
            message = f"{tax.rate} of {order.text(base)}, rounded half up."
            yield Difference(
                f"{tax.field}.amount", "tax_differs", message, order.text(tax.amount), order.text(expected)
            )


def expected_totals(order: PricedOrder) -> dict[str, int]:
    charges = order.all_charges()
    taxed: list[PricedLine | PricedCharge] = [*order.lines, *charges]
    totals = {
        "items": sum(line.amount for line in order.lines),
        "discounts": sum(line.amount - line.amount_after_discounts for line in order.lines)
        + sum(charge.amount - charge.amount_after_discounts for charge in charges),
        "charges": sum(charge.amount for charge in charges),
        "taxes": sum(tax.amount for owner in taxed for tax in owner.taxes),
    }
    added_tax = 0 if order.tax_included else totals["taxes"]
    totals["grand_total"] = totals["items"] - totals["discounts"] + totals["charges"] + added_tax
    return totals


def _totals(order: PricedOrder) -> Iterator[Difference]:
    for name, expected in expected_totals(order).items():
        if order.totals[name] != expected:
            message = "The sum of what was sent in the order."
            sent = order.text(order.totals[name])
            yield Difference(f"totals.{name}", "total_differs", message, sent, order.text(expected))


def _tenders(order: PricedOrder) -> Iterator[Difference]:
    paid, due = sum(order.tenders), expected_totals(order)["grand_total"]
    if paid != due:
        message = "The tenders together pay the grand total."
        yield Difference("tenders", "tenders_differ", message, order.text(paid), order.text(due))
