"""Reads what a refund is reckoned from: the goods that departed, the difference of bill and money, the captures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.bill.departed import DepartedGoods, departed_goods
from order_api.bill.read import bill_of
from order_api.core import money
from order_api.core.outside import CallStatus
from order_api.orders.models import Order
from order_api.payments.balance import latest_refunds, money_of, promised
from order_api.payments.hold import in_capture_order
from order_api.payments.ledger import Rows, done, rows_of
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.proof.bill import Balance, Bill, balance_of
from order_api.proof.pay_back import Captured
from order_api.refunds.errors import MoreThanRemains
from order_api.refunds.models import WAITING, Refund
from order_api.refunds.wanted import Wanted
from order_api.shipments.repository import unsettled_shipments


@dataclass(frozen=True)
class Ledgers:
    """The bill and the money as if every refund that waits were granted, so that one that is granted later still fits.

    `captures` are oldest first, `tenders` in capture order. `unsettled` are parcels of which a capture may come.
    """

    order: Order
    goods: DepartedGoods
    bill: Bill
    balance: Balance
    captures: Sequence[Captured]
    rows: Rows
    waiting: Sequence[Refund]
    unsettled: frozenset[UUID]

    @property
    def excess(self) -> int:
        """What was captured beyond what is owed."""
        return max(0, self.balance.to_capture - self.balance.outstanding)

    @cached_property
    def wanted_by_waiting(self) -> Sequence[tuple[str, Wanted]]:
        """What each refund that waits asks for, with its number."""
        return [(refund.number, Wanted.from_json(refund.wanted)) for refund in self.waiting]

    @property
    def is_capture_under_way(self) -> bool:
        return any(row.kind == TransactionKind.CAPTURE and row.status == CallStatus.REQUESTED for row in self.rows)

    @property
    def tenders(self) -> list[UUID]:
        return [tender.id for tender in in_capture_order(self.order)]

    def more_than_remains(self, detail: str, remaining: int, **extra: Any) -> MoreThanRemains:
        """The refusal of an act, with what remains of what it asked for, of each line, and in all."""
        text, in_all = self._text(remaining), self._text(self.goods.remaining)
        return MoreThanRemains(detail, remaining=text, remaining_of_order=in_all, lines=self._left_of_lines, **extra)

    @cached_property
    def _left_of_lines(self) -> Sequence[Mapping[str, str]]:
        names = {item.id: item.line_id for item in self.order.items}
        left = ((names[departed.line.id], departed.remaining.gross) for departed in self.goods.lines)
        return [{"line_id": line_id, "remaining": self._text(amount)} for line_id, amount in left]

    def _text(self, minor: int) -> str:
        return money.to_text(minor, self.order.currency)

    @property
    def by_id(self) -> Mapping[UUID, PaymentTransaction]:
        return {row.id: row for row in self.rows}


def read_ledgers(session: Session, order: Order, own: Refund | None = None) -> Ledgers:
    """The order's items and tenders are loaded; to act on what it says, lock the order before. `own` is a refund that
    waits and is reckoned anew, so that what it holds is free."""
    all_rows = rows_of(session, order.id)
    rows = [row for row in all_rows if own is None or row.refund_id != own.id]
    waiting = [each for each in _waiting(session, order.id) if own is None or each.id != own.id]
    unsettled = frozenset(shipment.id for shipment in unsettled_shipments(session, order.id))
    goods, bill = departed_goods(session, order), bill_of(session, order)
    return Ledgers(order, goods, bill, _balance(bill, rows, waiting), _captures(rows), rows, waiting, unsettled)


def _waiting(session: Session, order_id: UUID) -> Sequence[Refund]:
    query = select(Refund).where(Refund.order_id == order_id, Refund.state.in_(WAITING))
    return session.scalars(query.order_by(Refund.position)).all()


def _balance(bill: Bill, rows: Rows, waiting: Sequence[Refund]) -> Balance:
    taken = money_of(rows)
    held = sum(row.amount for row in rows if row.status == CallStatus.HELD)
    ended = Counter({None: sum(each.ends_written_off for each in waiting)})
    written_off = Counter(taken.written_off)
    written_off.subtract(ended)
    return balance_of(
        replace(bill, adjusted=bill.adjusted - sum(each.amount for each in waiting)),
        replace(taken, written_off=written_off, refunded=promised(rows) + held),
    )


def _captures(rows: Rows) -> list[Captured]:
    given_back: Counter[UUID | None] = Counter()
    for row in latest_refunds(rows):
        given_back[row.parent_id] += 0 if row.status == CallStatus.WITHDRAWN else row.amount
    for row in done(rows, TransactionKind.REFUND_REVERSED):
        assert row.parent is not None
        given_back[row.parent.parent_id] -= row.amount
    captures = done(rows, TransactionKind.CAPTURE)
    return [Captured(row.id, row.tender_id, row.shipment_id, row.amount, given_back[row.id]) for row in captures]
