"""Reads what a request asks for: finds its lines, units, charges and taxes, and turns percents into amounts."""

from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from order_api.core import money
from order_api.core.money import TooManyDecimals
from order_api.proof.give_up import DepartedCharge, DepartedLine
from order_api.refunds.choose_units import UnitChooser
from order_api.refunds.errors import invalid
from order_api.refunds.ledgers import Ledgers
from order_api.refunds.wanted import WHOLE_ORDER, Goods, Wanted, WantedUnits


def read_wanted(ledgers: Ledgers, body: dict[str, Any]) -> Wanted:
    """Raises RefundInvalid and MoreThanRemains."""
    wanted = _Reader(ledgers, body).read()
    _refuse_what_is_named_twice(wanted)
    return wanted


class _Reader:
    def __init__(self, ledgers: Ledgers, body: dict[str, Any]) -> None:
        self.ledgers, self.body, self.order = ledgers, body, ledgers.order
        self.chooser = UnitChooser(ledgers)
        self.charges = ledgers.goods.charge_by_id

    def read(self) -> Wanted:
        return Wanted(
            units=tuple(self._units(each) for each in self.body.get("items", ())),
            reductions=tuple(self._reduction(n, each) for n, each in enumerate(self.body.get("price_reductions", ()))),
            charges=tuple(self._charge(n, each) for n, each in enumerate(self.body.get("charges", ()))),
            taxes=tuple(self._tax(n, each["tax_id"]) for n, each in enumerate(self.body.get("taxes", ()))),
            excess=self._excess() if "excess" in self.body else 0,
        )

    def _excess(self) -> int:
        if not self.ledgers.excess:
            raise self.ledgers.more_than_remains("Nothing was captured beyond what is owed.", 0)
        return self.ledgers.excess

    def _units(self, each: dict[str, Any]) -> WantedUnits:
        item, ranges = self.chooser.chosen(each)
        return WantedUnits(item.id, tuple(ranges), Goods(each["goods"]))

    def _reduction(self, position: int, each: dict[str, Any]) -> tuple[UUID | None, int]:
        field = f"price_reductions.{position}"
        if "line_id" not in each:
            base = sum(capture.room for capture in self.ledgers.captures)
            return WHOLE_ORDER, self._amount(field, each, base)
        item, departed = self.chooser.line(each["line_id"])
        return item.id, self._amount(field, each, departed.remaining.gross)

    def _amount(self, field: str, each: dict[str, Any], base: int) -> int:
        if "percent" not in each:
            return self._minor(f"{field}.amount", each["amount"])
        percent: Decimal = each["percent"]
        if not 0 < percent <= 100:
            raise invalid(f"{field}.percent", "Must be above 0 and at most 100.")
        amount = money.round_half_up(Fraction(percent) * base / 100)
        if not amount:
            raise self.ledgers.more_than_remains("Nothing remains, or the percent of it rounds to nothing.", base)
        return amount

    def _minor(self, field: str, amount: Decimal) -> int:
        try:
            minor = money.to_minor(amount, self.order.currency)
        except TooManyDecimals as error:
            raise invalid(field, str(error), "too_many_decimals") from None
        if minor <= 0:
            raise invalid(field, "Must be above zero.")
        return minor

    def _charge(self, position: int, each: dict[str, Any]) -> tuple[UUID, int]:
        departed = self._departed_charge(f"charges.{position}.charge_id", each["charge_id"])
        if "amount" in each:
            return each["charge_id"], self._minor(f"charges.{position}.amount", each["amount"])
        if not departed.remaining.gross:
            raise self.ledgers.more_than_remains("Nothing remains of the charge.", 0, charge_id=str(each["charge_id"]))
        return each["charge_id"], departed.remaining.gross

    def _departed_charge(self, field: str, charge_id: UUID) -> DepartedCharge:
        if charge_id in self.charges:
            return self.charges[charge_id]
        if charge_id in self.ledgers.goods.not_departed:
            raise self.ledgers.more_than_remains("No parcel has left with this charge.", 0, charge_id=str(charge_id))
        raise invalid(field, "No charge of a ship group or of the order has this id.")

    def _tax(self, position: int, tax_id: UUID) -> tuple[UUID, UUID, int]:
        for each in self.ledgers.goods.bearers:
            if tax_id in each.remaining.taxes:
                owner = each.line.id if isinstance(each, DepartedLine) else each.charge.id
                return tax_id, owner, each.remaining.taxes[tax_id]
        raise invalid(f"taxes.{position}.tax_id", "No line or charge that has shipped has a tax with this id.")


def _refuse_what_is_named_twice(wanted: Wanted) -> None:
    """Each part is reckoned from what remains before the act, so no two may take of the same."""
    named = [*(each.item_id for each in wanted.units), *wanted.reduces()]
    if len(set(named)) < len(named):
        raise invalid("items", "Name each line and each charge once.")
    if WHOLE_ORDER in named and len(named) > 1:
        raise invalid("price_reductions", "A reduction of the whole order stands alone.")
