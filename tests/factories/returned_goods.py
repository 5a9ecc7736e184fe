"""Returns of an order; the steps of their process are called as its tasks would."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from order_api.core.database import transaction
from order_api.orders import repository as orders
from order_api.orders.fates import Fate
from order_api.orders.models import Order
from order_api.orders.unit_ledger import ledger_of
from order_api.refunds.ledgers import read_ledgers
from order_api.returns import repository
from order_api.returns.announce import announce_return
from order_api.returns.approve import approve_return, refuse_return
from order_api.returns.cancel import cancel_return
from order_api.returns.decide import decide_return
from order_api.returns.expire import expire_return
from order_api.returns.give_back import give_back_what_is_due
from order_api.returns.judge import Judged, LineAnswer, judge_return
from order_api.returns.question import AskedLine, LineQuestion, line_questions
from order_api.returns.receive import receive_return
from order_api.returns.scan import scan_return
from order_api.returns.settle import WaitsFor, settle_return
from order_api.returns.verdict import give_verdicts
from tests.factories.money import Money
from tests.factories.orders import Json
from tests.factories.refunds import WORKER, Refunds

POLICY: Json = {
    "decision": "accept",
    "words": None,
    "days_to_arrive": 14,
    "goods_kept": False,
    "shipping_back": "none",
    "refund_when": "inspected",
    "refund_days": 14,
    "inspect": True,
    "version": 1,
}
RESTOCKING: Json = {"type": "restocking", "words": "10 % for restocking", "percent": 10}
LABEL: Json = {"type": "label", "words": "Label", "amount": "5.00", "per": "return"}


class Returns:
    """The returns of one order that has been paid."""

    def __init__(self, refunds: Refunds) -> None:
        self.refunds, self.money = refunds, refunds.money
        self.receipts: dict[str, UUID] = {}

    def announce(self, reason: str = "changed_mind", comes_by: str = "parcel", **units: int) -> str:
        """`_1=2` are two units of the line 1. Returns the number."""
        items = [{"line_id": id_[1:], "quantity": count, "reason": reason} for id_, count in units.items()]
        with transaction() as session:
            body = {"items": items, "comes_by": comes_by}
            return announce_return(session, self.money.actor, self.money.id, body).number

    def judge(self, number: str, *fees: Json, **policy: Any) -> Judged:
        """Every line gets the same answer, and is approved if the table accepts it."""
        return self.judge_each(number, {}, {}, policy, fees)

    def judge_each(
        self,
        number: str,
        policies: dict[str, Json],
        fees: dict[str, list[Json]],
        policy: Json | None = None,
        fees_of_others: Sequence[Json] = (),
    ) -> Judged:
        """By line of the order; other lines get `policy` and `fees_of_others`."""
        names = {id_: line_id for line_id, id_ in self.money.items.items()}
        with transaction() as session:
            return_ = repository.get(session, WORKER, number)
            lines = {str(line.id): names[line.item_id] for line in return_.lines}
            answers = {key: POLICY | (policy or {}) | policies.get(name, {}) for key, name in lines.items()}
            rows = {key: fees.get(name, list(fees_of_others)) for key, name in lines.items()}
            judged = judge_return(session, WORKER, return_.subject, None)
            while isinstance(judged, LineQuestion):
                answer = LineAnswer(judged.line, answers[judged.line], rows[judged.line])
                judged = judge_return(session, WORKER, return_.subject, answer)
            if judged.judged == Judged.ACCEPTED:
                approve_return(session, WORKER, return_.subject)
        return judged.judged

    def approved(self, *fees: Json, policy: Json | None = None, reason: str = "changed_mind", **units: int) -> str:
        number = self.announce(reason, "parcel", **units)
        assert self.judge(number, *fees, **(policy or {})) == Judged.ACCEPTED
        return number

    def receive(self, number: str, reference: str = "DOCK-1", **units: int) -> list[Json]:
        """Returns what no unit of the order accounts for."""
        return self.receive_raw(number, reference, *((id_[1:], count) for id_, count in units.items()))

    def receive_raw(
        self, number: str, reference: str, *sent: tuple[str, int], location: str = "main", unexpected: str | None = None
    ) -> list[Json]:
        items = [{"line_id": line_id, "quantity": count} for line_id, count in sent]
        body = {"items": items, "reference": reference, "location": location, "unexpected": unexpected}
        with transaction() as session:
            received = receive_return(session, WORKER, number, body)
            self.receipts[reference] = received.receipt.id
            return list(received.unknown)

    def judge_units(self, number: str, reference: str = "DOCK-1", verdict: str = "resellable", **units: int) -> None:
        verdicts = [{"line_id": id_[1:], "quantity": count, "verdict": verdict} for id_, count in units.items()]
        with transaction() as session:
            give_verdicts(session, WORKER, number, self.receipts[reference], verdicts)

    def arrive(self, number: str, reference: str, units: dict[str, int]) -> None:
        """These units arrive and can be sold again."""
        self.receive(number, reference, **units)
        self.judge_units(number, reference, "resellable", **units)

    def give_back(self, number: str) -> list[str]:
        """The numbers of the refunds that are due now; all are paid."""
        refunds = []
        while (refund := self.next_refund(number)) is not None:
            self.refunds.grant(refund)
            self.refunds.pay(refund)
            refunds.append(refund)
        return refunds

    def next_refund(self, number: str) -> str | None:
        with transaction() as session:
            order, return_ = repository.lock(session, WORKER, number)
            refund = give_back_what_is_due(session, WORKER, order, return_)
            return None if refund is None else refund.number

    def settle(self, number: str) -> WaitsFor:
        with transaction() as session:
            return settle_return(session, WORKER, repository.get(session, WORKER, number).subject).waits_for

    def decide(self, number: str, decision: str) -> None:
        with transaction() as session:
            decide_return(session, WORKER, repository.get(session, WORKER, number).subject, decision)

    def approve(self, number: str) -> None:
        with transaction() as session:
            approve_return(session, WORKER, repository.get(session, WORKER, number).subject)

    def refuse(self, number: str) -> None:
        with transaction() as session:
            refuse_return(session, WORKER, repository.get(session, WORKER, number).subject)

    def expire(self, number: str) -> bool:
        with transaction() as session:
            return expire_return(session, WORKER, repository.get(session, WORKER, number).subject)

    def scan(self, number: str, reference: str) -> None:
        body = {"reference": reference, "at": datetime.now(UTC), "words": "Picked up"}
        with transaction() as session:
            scan_return(session, WORKER, number, body)

    def questions(self, number: str) -> list[LineQuestion]:
        """What the tables are asked about its lines."""
        with transaction() as session:
            order, return_ = repository.lock(session, WORKER, number)
            items = {item.id: item for item in order.items}
            lines = [
                AskedLine(
                    str(line.id),
                    items[line.item_id],
                    line.reason,
                    [row.range for row in line.units],
                    return_.announced_at,
                )
                for line in return_.lines
            ]
            return line_questions(
                session, return_.announced_by_role, read_ledgers(session, order), return_.comes_by, lines
            )

    def cancel(self, number: str) -> None:
        with transaction() as session:
            cancel_return(session, WORKER, number, "Keeps them.")

    def state(self, number: str) -> str:
        with transaction() as session:
            return str(repository.get(session, WORKER, number).state)

    def paid_back(self, *numbers: str) -> list[str]:
        return [self.refunds.read(number)["paid_back"] for number in numbers]

    def units(self, number: str) -> list[tuple[str, int, int, str | None, bool]]:
        """(line, first unit, how many, verdict, whether they left the return), lowest first."""
        query = """SELECT i.line_id, u.first_unit, u.quantity, u.verdict, u.released_at IS NOT NULL
            FROM return_units u JOIN return_lines l ON l.id = u.line_id JOIN returns r ON r.id = l.return_id
            JOIN order_items i ON i.id = l.item_id WHERE r.number = :number ORDER BY i.line_id, u.first_unit, u.id"""
        with transaction() as session:
            return [tuple(row) for row in session.execute(text(query), {"number": number})]


def stock_of(money: Money, line_id: str) -> dict[str, int]:
    """On hand by quality, of the sku of this line."""
    query = """SELECT quality, sum(on_hand) FROM stock_bins JOIN order_items USING (sku)
        WHERE order_id = :id AND line_id = :line GROUP BY quality"""
    with transaction() as session:
        rows = session.execute(text(query), {"id": money.id, "line": line_id})
        return {quality: int(count) for quality, count in rows if count}


def fates_of(money: Money, line_id: str) -> dict[str, int]:
    """How many units of the line have which fate."""
    with transaction() as session:
        order = orders.get_with(session, WORKER, money.id, Order.items)
        item = next(item for item in order.items if item.line_id == line_id)
        line = ledger_of(session, [item]).lines[item.id]
        return {str(fate): line.count(fate) for fate in (None, *Fate) if line.count(fate)}
