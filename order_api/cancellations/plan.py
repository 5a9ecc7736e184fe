"""Chooses the units that a request to cancel concerns: those that are here, and those to ask back from a warehouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from order_api.cancellations.recalls import asked_back, cancelable_units, units_of
from order_api.orders import repository
from order_api.orders.errors import UnitsNotOpen
from order_api.orders.fates import Fate
from order_api.orders.line_units import Units, common, count_of, highest, without
from order_api.orders.models import Order, OrderItem
from order_api.orders.unit_ledger import ledger_of
from order_api.orders.units import UnitsOfItems
from order_api.shipments.repository import items_at_fulfillment

ALL_OPEN = None
"""Stands for all units of a line that can still be canceled."""


@dataclass(frozen=True)
class Wanted:
    """The units of a line to cancel: a quantity, the highest numbers first (R4); certain units; or ALL_OPEN."""

    item: OrderItem
    units: int | Sequence[int] | None


@dataclass(frozen=True)
class Plan:
    """The units to cancel: `here` at once, `at_warehouse` when the warehouse gives them back."""

    here: UnitsOfItems
    at_warehouse: UnitsOfItems


def wanted_units(order: Order, body: dict[str, Any]) -> list[Wanted]:
    """Reads the request. Raises ItemNotFound. The order's items are loaded."""
    if body.get("rest"):
        return [Wanted(item, ALL_OPEN) for item in order.items]
    items = repository.ItemsByLine(order)
    return [Wanted(items[line["line_id"]], line.get("units", line.get("quantity"))) for line in body["items"]]


def plan_cancellation(session: Session, order: Order, wanted: Sequence[Wanted]) -> Plan:
    """All or nothing: raises UnitsNotOpen, which says of each line how many units can still be canceled.

    A request that names units by number may be repeated: units that it has canceled or asked back are left out. The
    order is locked.
    """
    ledger = ledger_of(session, [each.item for each in wanted])
    asked = asked_back(session, ledger.lines)
    away = items_at_fulfillment(session, order.id)
    here: list[tuple[OrderItem, Units]] = []
    at_warehouse: list[tuple[OrderItem, Units]] = []
    refused: list[_Refused] = []
    for each in wanted:
        line, pending = ledger.lines[each.item.id], [units_of(row) for row in asked[each.item.id]]
        cancelable = cancelable_units(line, asked[each.item.id])
        missing = _missing(each.units, [*cancelable, *line.with_fate(Fate.CANCELED), *pending])
        chosen = None if missing else _chosen(each.units, cancelable)
        if chosen is None:
            refused.append(_Refused(each.item, count_of(cancelable), missing))
        else:
            part = at_warehouse if each.item.id in away else here
            part += [(each.item, units) for units in chosen]
    if refused:
        raise _refusal(refused)
    return Plan(here, at_warehouse)


def _missing(wanted: int | Sequence[int] | None, known: list[Units]) -> list[Units]:
    """The units named that can neither be canceled nor were canceled or asked back before."""
    return without(_numbered(wanted), known) if isinstance(wanted, Sequence) else []


def _chosen(wanted: int | Sequence[int] | None, cancelable: list[Units]) -> list[Units] | None:
    """None if there are fewer than the quantity that is wanted."""
    if wanted is ALL_OPEN:
        return cancelable
    if isinstance(wanted, int):
        return highest(cancelable, wanted) if wanted <= count_of(cancelable) else None
    return common(_numbered(wanted), cancelable)


def _numbered(numbers: Sequence[int]) -> list[Units]:
    return [Units(number, number) for number in sorted(numbers)]


@dataclass(frozen=True)
class _Refused:
    """A line that cannot be canceled as requested. `missing` are the named units that are not open."""

    item: OrderItem
    cancelable: int
    missing: list[Units]

    def __str__(self) -> str:
        numbers = [str(number) for units in self.missing for number in range(units.first, units.last + 1)]
        line = f"line {self.item.line_id}"
        if numbers:
            named = f"Unit {numbers[0]}" if len(numbers) == 1 else f"Units {', '.join(numbers)}"
            verb = "does" if len(numbers) == 1 else "do"
            return f"{named} of {line} {verb} not exist or cannot be canceled any more; {self._how_many()} can."
        return f"{self._how_many().capitalize()} of {line} can still be canceled."

    def _how_many(self) -> str:
        units = {0: "no unit", 1: "only 1 unit"}
        return units.get(self.cancelable, f"only {self.cancelable} units")


def _refusal(refused: list[_Refused]) -> UnitsNotOpen:
    lines = [{"line_id": each.item.line_id, "cancelable": each.cancelable} for each in refused]
    message = " ".join(map(str, refused))
    return UnitsNotOpen(message, line_id=refused[0].item.line_id, cancelable=refused[0].cancelable, lines=lines)
