"""Chooses the units that a request means: those that it names, or the lowest that left and carry no remedy."""

from collections.abc import Sequence
from typing import Any

from order_api.bill.departed import line_of
from order_api.orders.errors import ItemNotFound
from order_api.orders.line_units import Units, joined
from order_api.orders.models import OrderItem
from order_api.orders.repository import ItemsByLine
from order_api.proof.give_up import DepartedLine, lowest_free
from order_api.proof.give_up import MoreThanRemains as TooMuch
from order_api.proof.remaining import Range
from order_api.refunds.errors import MoreThanRemains, invalid
from order_api.refunds.ledgers import Ledgers


class UnitChooser:
    def __init__(self, ledgers: Ledgers) -> None:
        self.ledgers = ledgers
        self.items = ItemsByLine(ledgers.order)

    def chosen(self, sent: dict[str, Any]) -> tuple[OrderItem, Sequence[Range]]:
        """`sent` has a `line_id`, and the `quantity` or the numbers of the `units`. Raises MoreThanRemains and
        RefundInvalid."""
        item, departed = self.line(sent["line_id"])
        if "units" in sent:
            return item, self._named(item, departed, sent["units"])
        try:
            return item, lowest_free(departed, sent["quantity"])
        except TooMuch as refusal:
            raise self._too_few(item, departed, refusal.free_units or 0) from None

    def line(self, line_id: str) -> tuple[OrderItem, DepartedLine]:
        try:
            item = self.items[line_id]
        except ItemNotFound as error:
            raise invalid("line_id", error.detail) from None
        departed = line_of(self.ledgers.goods, item)
        if departed is None:
            detail = f"No unit of line {line_id} has shipped. Cancel units that have not."
            raise self.ledgers.more_than_remains(detail, 0, line_id=line_id, free_units=0)
        return item, departed

    def _named(self, item: OrderItem, departed: DepartedLine, numbers: Sequence[int]) -> Sequence[Range]:
        free = {number for first, count in departed.free for number in range(first, first + count)}
        if not free.issuperset(numbers):
            raise self._too_few(item, departed, len(free))
        return [(units.first, units.count) for units in joined(Units(n, n) for n in sorted(numbers))]

    def _too_few(self, item: OrderItem, departed: DepartedLine, free: int) -> MoreThanRemains:
        remaining = departed.remaining.gross
        units = {0: "no unit", 1: "only 1 unit"}.get(free, f"only {free} units")
        detail = f"Line {item.line_id}: {units} that shipped can still be given back."
        return self.ledgers.more_than_remains(detail, remaining, line_id=item.line_id, free_units=free)
