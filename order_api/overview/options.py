"""Tells a caller what may still be done to an order, unit by unit: what the buttons of channels and console show."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.access.permission_words import lacking
from order_api.bill.departed import line_of
from order_api.cancellations.recalls import asked_back, cancelable_units
from order_api.core import money
from order_api.orders import repository
from order_api.orders.fates import DEPARTED
from order_api.orders.line_units import Units, without
from order_api.orders.models import Order, OrderCharge, OrderItem
from order_api.orders.unit_ledger import ledger_of
from order_api.overview.acts import OF_CHARGE, OF_LINE, OF_ORDER, OF_TAX, OF_UNITS, Act, Answer, BorneTax, Facts, T
from order_api.overview.document_options import (
    OPEN,
    ChargeOptions,
    LineOptions,
    OptionAnswer,
    OptionsAnswer,
    TaxOptions,
    UnitsOptions,
)
from order_api.overview.same_units import SameUnits, same_units
from order_api.proof.give_up import DepartedCharge, DepartedLine, take_units
from order_api.proof.remaining import GivenBack
from order_api.refunds.ledgers import Ledgers, read_ledgers

PARTS = Order.items, Order.tenders, Order.charges, Order.ship_groups


def options_of(session: Session, actor: Actor, order_id: UUID) -> OptionsAnswer:
    """Reads each kind of row with one query. Raises OrderNotFound."""
    order = repository.get_with(session, actor, order_id, *PARTS)
    return options_by(session, actor, read_ledgers(session, order))


def options_by(session: Session, actor: Actor, ledgers: Ledgers) -> OptionsAnswer:
    """The same by ledgers that were read before, of an order that is loaded with its PARTS."""
    order = ledgers.order
    options = _Options(actor, Facts(order, ledgers))
    asked, units = asked_back(session, [item.id for item in order.items]), ledger_of(session, order.items)
    held, lines = _held(ledgers), []
    for item in order.items:
        line, own = units.lines[item.id], line_of(ledgers.goods, item)
        found = same_units(item, line, cancelable_units(line, asked[item.id]), own, held[item.id])
        lines.append(options.line(item, found, own))
    return OptionsAnswer(
        order_id=order.id,
        order_number=order.number,
        version=order.version,
        currency=order.currency,
        remaining=options.text(ledgers.goods.remaining),
        options=options.of(OF_ORDER, order),
        lines=lines,
        charges=[options.charge(charge) for charge in order.charges if charge.item_id is None],
    )


def _held(ledgers: Ledgers) -> Mapping[UUID, list[tuple[Units, str]]]:
    """By item, the units that refunds which wait would take, with their numbers."""
    held: dict[UUID, list[tuple[Units, str]]] = defaultdict(list)
    for number, wanted in ledgers.wanted_by_waiting:
        for each in wanted.units:
            held[each.item_id] += [(Units.counted(*units), number) for units in each.ranges]
    return held


def _given_back(departed: DepartedLine) -> list[Units]:
    changes = [change for change in departed.changes if isinstance(change, GivenBack)]
    return [Units.counted(*units) for change in changes for units in change.ranges]


class _Options:
    """The answers for one actor."""

    def __init__(self, actor: Actor, facts: Facts) -> None:
        self.actor, self.facts = actor, facts
        self.groups = {group.id: group.key for group in facts.order.ship_groups}

    def text(self, minor: int) -> str:
        return money.to_text(minor, self.facts.order.currency)

    def of(self, acts: Iterable[Act[T]], part: T) -> list[OptionAnswer]:
        return [self._option(act, part) for act in acts]

    def _option(self, act: Act[T], part: T) -> OptionAnswer:
        may = self.actor.may(act.needs)
        answer = act.may(self.facts, part) if may else Answer(lacking(act.needs))
        is_possible, destinations = answer.why_not is None, [str(each) for each in answer.destinations]
        return OptionAnswer(act.name, is_possible, answer.why_not, answer.until, destinations)

    def line(self, item: OrderItem, found: Sequence[SameUnits], departed: DepartedLine | None) -> LineOptions:
        left = self._left(departed, [same.units for same in found if same.fate in DEPARTED])
        units = [self._units(same, left) for same in found]
        remaining = departed.remaining.gross if departed else 0
        taxes = self._taxes(departed, item.id)
        return LineOptions(item.line_id, self.text(remaining), self.of(OF_LINE, item), units, taxes)

    def _units(self, same: SameUnits, left: Counter[Units]) -> UnitsOptions:
        return UnitsOptions(
            first_unit=same.units.first,
            quantity=same.units.count,
            fate=same.fate or OPEN,
            shipment_id=same.shipment_id,
            remaining=self.text(left[same.units]) if same.fate in DEPARTED else None,
            options=self.of(OF_UNITS, same),
        )

    def _left(self, departed: DepartedLine | None, ranges: Sequence[Units]) -> Counter[Units]:
        """What the units of each range have left. Each range lies within one parcel."""
        left: Counter[Units] = Counter()
        if departed is None:
            return left
        given_back = _given_back(departed)
        range_of = {part: units for units in ranges for part in without([units], given_back)}
        wanted = [(part.first, part.count) for part in range_of]
        for taken in take_units(departed, wanted, tax_included=self.facts.order.tax_included):
            if taken.units is not None:
                left[range_of[Units.counted(*taken.units)]] += taken.parts.gross
        return left

    def charge(self, charge: OrderCharge) -> ChargeOptions:
        departed = self.facts.ledgers.goods.charge_by_id.get(charge.id)
        return ChargeOptions(
            charge_id=charge.id,
            charge_type=charge.type,
            ship_group=self.groups[charge.ship_group_id] if charge.ship_group_id else None,
            remaining=self.text(departed.remaining.gross) if departed else None,
            options=self.of(OF_CHARGE, charge),
            taxes=self._taxes(departed, charge.id),
        )

    def _taxes(self, departed: DepartedLine | DepartedCharge | None, owner: UUID) -> list[TaxOptions]:
        left = departed.remaining.taxes if departed else {}
        taxes = [BorneTax(tax_id, owner, remaining) for tax_id, remaining in left.items()]
        return [TaxOptions(tax.id, self.text(tax.remaining), self.of(OF_TAX, tax)) for tax in taxes]
