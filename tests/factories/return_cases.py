"""Carries out the worked cases of returns: their refunds are stored, granted and paid as a return's are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from order_api.bill.models import AdjustmentKind
from order_api.bill.remedies import take_remedy
from order_api.core.database import transaction
from order_api.orders import repository
from order_api.orders.fates import Cause, CauseKind
from order_api.orders.models import Order
from order_api.proof.give_up import lowest_free
from order_api.refunds.ledgers import Ledgers, read_ledgers
from order_api.refunds.models import Destination
from order_api.refunds.plan import RefundPlan, plan_new_refund
from order_api.refunds.request import begin_refund
from order_api.refunds.wanted import Goods, Wanted, WantedUnits
from tests.factories.fee_words import fee_in_words, fee_of_case, parts_in_words
from tests.factories.orders import Json
from tests.factories.refund_cases import RefundCase
from tests.factories.refunds import WORKER


class ReturnCase(RefundCase):
    def _return(self, items: dict[str, int], fees: Sequence[Json] = (), charges: Sequence[str] = (), **_: Any) -> Json:
        """Which fees there are the table says; what was announced does not count."""
        named = self._charges()
        with transaction() as session:
            order = repository.get_for_update(session, WORKER, self.money.id, Order.items, Order.tenders)
            ledgers = read_ledgers(session, order)
            wanted = self._wanted(ledgers, items, fees, [UUID(named[name]) for name in charges])
            plan = plan_new_refund(ledgers, wanted, Destination.ORIGINAL)
            units = {each.item_id: each.ranges for each in wanted.units}
            take_remedy(session, order.id, Cause(CauseKind.RETURN, uuid4()), units)
            number = begin_refund(session, WORKER, ledgers, plan, reason="returned").number
            told = self._told(ledgers, plan, named)
        self.refunds.grant(number)
        self.refunds.pay(number)
        paid = self.refunds.read(number)
        assert paid["state"] == "paid"
        return {**told, "paid_back": paid["paid_back"], "rows": self._rows(paid)}

    def _wanted(self, ledgers: Ledgers, items: dict[str, int], fees: Sequence[Json], charges: Sequence[UUID]) -> Wanted:
        lines = {line_id: ledgers.goods.line_by_id[self.money.items[line_id]] for line_id in items}
        units = tuple(
            WantedUnits(line.line.id, tuple(lowest_free(line, items[line_id])), Goods.RETURNED)
            for line_id, line in lines.items()
        )
        of_charges = tuple((id_, ledgers.goods.charge_by_id[id_].remaining.gross) for id_ in charges)
        kept = tuple(fee_of_case(fee, [line.line.id for line in lines.values()], self.minor) for fee in fees)
        return Wanted(units=units, charges=of_charges, fees=kept)

    def _told(self, ledgers: Ledgers, plan: RefundPlan, charges: dict[str, str]) -> Json:
        """What the plan says, in the words of the cases."""
        names: dict[UUID | None, str] = {id_: f"line {line_id}" for line_id, id_ in self.money.items.items()}
        names |= {UUID(id_): name for name, id_ in charges.items()}
        given_up: dict[str, Json] = {}
        for part in plan.parts:
            name = names[ledgers.goods.owner_of(part.taken[0].of)]
            ranges = [each.units for each in part.taken if each.units]
            units = [unit for first, count in ranges for unit in range(first, first + count)]
            given_up[name] = {"units": units} if part.kind == AdjustmentKind.UNITS_RETURNED else {}
            [parts] = [each.parts for each in part.taken]
            given_up[name] |= parts_in_words(parts, self.text)
        return {"given_up": given_up, "fees": [fee_in_words(fee, names, self.text) for fee in plan.fees]}
