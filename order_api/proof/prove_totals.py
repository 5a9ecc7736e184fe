"""Totals and tenders, proven: lines − discounts + charges + taxes = grand total = Σ tenders, without any tolerance."""

from collections.abc import Iterable, Iterator

from order_api.proof.priced_order import Difference, PricedOrder


def totals_add_up(order: PricedOrder) -> Iterator[Difference]:
    as_sent = _as_sent(order)
    for name, expected in _as_it_should_be(order).items():
        total, field = order.totals[name], f"totals.{name}"
        if expected is None or field in order.unreadable_fields or total in (expected, as_sent[name]):
            continue
        message = "The sum of the order's parts."
        yield Difference(field, "total_differs", message, order.text(total), order.text(expected))


def tenders_pay(order: PricedOrder) -> Iterator[Difference]:
    paid, due = sum(order.tenders), _as_it_should_be(order)["grand_total"]
    if due is None or not order.can_read_all_below("tenders") or paid in (due, _as_sent(order)["grand_total"]):
        return
    yield Difference(
        "tenders", "tenders_differ", "The tenders together pay the grand total.", order.text(paid), order.text(due)
    )


def _as_sent(order: PricedOrder) -> dict[str, int | None]:
    charges, owners = order.all_charges(), order.owners()
    return _with_grand_total(
        order,
        items=sum(line.amount for line in order.lines),
        discounts=sum(owner.amount - owner.amount_after_discounts for owner in owners),
        charges=sum(charge.amount for charge in charges),
        taxes=sum(tax.amount for owner in owners for tax in owner.taxes),
    )


def _as_it_should_be(order: PricedOrder) -> dict[str, int | None]:
    """None is what nobody can say."""
    charges, owners = order.all_charges(), order.owners()
    return _with_grand_total(
        order,
        items=sum(line.amount for line in order.lines),
        discounts=_sum(None if owner.is_doubtful else owner.amount - owner.tax_base for owner in owners),
        charges=_sum(charge.amount if order.can_read(charge) else None for charge in charges),
        taxes=_sum(tax.right for owner in owners for tax in owner.taxes),
    )


def _with_grand_total(order: PricedOrder, **sums: int | None) -> dict[str, int | None]:
    lowered = None if sums["discounts"] is None else -sums["discounts"]
    added_tax = 0 if order.tax_included else sums["taxes"]
    return {**sums, "grand_total": _sum((sums["items"], lowered, sums["charges"], added_tax))}


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = list(amounts)
    return None if None in known else sum(amount for amount in known if amount is not None)
