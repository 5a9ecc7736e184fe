"""Writes refunds for callers: what one would do, and what has become of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.core import money
from order_api.notifications.refund_mail import refund_mail
from order_api.orders.models import Order, OrderCharge, OrderTax
from order_api.overview.document_cancellations import UnitsAnswer
from order_api.overview.document_refunds import (
    UNKNOWN,
    ApprovalAnswer,
    OwedAnswer,
    PartGivenBackAnswer,
    PaymentBackAnswer,
    RefundDocument,
    RefundHead,
    RefundPaymentAnswer,
    RefundPreviewAnswer,
    TaxGivenBackAnswer,
)
from order_api.payments.ledger import rows_of
from order_api.payments.models import GIVES_BACK, PaymentTransaction
from order_api.proof.give_up import Taken
from order_api.proof.remaining import NOTHING
from order_api.refunds.ledgers import Ledgers
from order_api.refunds.models import Refund
from order_api.refunds.owed import Owed
from order_api.refunds.plan import PlannedPart, RefundPlan
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import words_of_reason


class NamedTax(NamedTuple):
    name: str
    rate: Decimal


class Names(NamedTuple):
    """The taxes and charge types of the order, by id; charges of lines are left out."""

    taxes: dict[UUID, NamedTax]
    charge_types: dict[UUID, str]

    @classmethod
    def read(cls, session: Session, order_id: UUID) -> "Names":
        taxes = select(OrderTax.id, OrderTax.name, OrderTax.rate).where(OrderTax.order_id == order_id)
        of_order = OrderCharge.order_id == order_id, OrderCharge.item_id.is_(None)
        types = select(OrderCharge.id, OrderCharge.type).where(*of_order)
        by_id = {id_: NamedTax(name, rate) for id_, name, rate in session.execute(taxes)}
        return cls(by_id, {charge.id: charge.type for charge in session.execute(types)})


@dataclass(frozen=True)
class RefundPreview:
    """Writes a plan down."""

    ledgers: Ledgers
    plan: RefundPlan
    names: Names

    def answer(self) -> RefundPreviewAnswer:
        settlement, due = self.plan.settlement, self.ledgers.bill.due
        after = due - self.plan.amount
        return RefundPreviewAnswer(
            currency=self.ledgers.order.currency,
            parts=[part for planned in self.plan.parts for part in self._parts(planned)],
            amount=self._text(self.plan.amount),
            ends_unpaid=self._text(settlement.ends_unpaid),
            ends_written_off=self._text(settlement.ends_written_off),
            paid_back=self._text(settlement.paid_back),
            due=self._text(due),
            due_after=self._text(after),
            destination=self.plan.destination,
            payments=[self._payment(id_, amount) for id_, amount in settlement.rows.items()],
            approval=ApprovalAnswer(UNKNOWN, None),
            customer_reads=self._mail(after) if settlement.paid_back else None,
            digest=self.plan.digest,
        )

    @cached_property
    def _line_ids(self) -> dict[UUID, str]:
        return {item.id: item.line_id for item in self.ledgers.order.items}

    def _text(self, minor: int) -> str:
        return money.to_text(minor, self.ledgers.order.currency)

    def _parts(self, planned: PlannedPart) -> Iterable[PartGivenBackAnswer]:
        of_owner = groupby(planned.taken, lambda taken: self.ledgers.goods.owner_of(taken.of))
        return [self._part(planned, owner, list(taken)) for owner, taken in of_owner]

    def _part(self, planned: PlannedPart, owner: UUID, taken: list[Taken]) -> PartGivenBackAnswer:
        line_id = self._line_ids.get(owner)
        sums = sum((each.parts for each in taken), NOTHING)
        remaining = self.ledgers.goods.remaining_of(owner) - sums.gross
        units = [UnitsAnswer(line_id, *each.units) for each in taken if line_id and each.units]
        return PartGivenBackAnswer(
            kind=planned.kind,
            line_id=line_id,
            charge_id=None if line_id else owner,
            charge_type=None if line_id else self.names.charge_types[owner],
            units=units,
            amount=self._text(sums.gross),
            net=self._text(sums.net),
            taxes=[self._tax(id_, amount) for id_, amount in sums.taxes.items() if amount],
            remaining=self._text(remaining),
        )

    def _tax(self, tax_id: UUID, amount: int) -> TaxGivenBackAnswer:
        tax = self.names.taxes[tax_id]
        return TaxGivenBackAnswer(tax_id, tax.name, f"{tax.rate:f}", self._text(amount))

    def _payment(self, capture_id: UUID, amount: int) -> PaymentBackAnswer:
        capture = next(each for each in self.ledgers.captures if each.id == capture_id)
        types = {tender.id: tender.type for tender in self.ledgers.order.tenders}
        return PaymentBackAnswer(
            tender_id=capture.tender_id,
            tender_type=types[capture.tender_id],
            capture_id=capture_id,
            amount=self._text(amount),
            given_back_before=self._text(capture.given_back),
            captured=self._text(capture.amount),
        )

    def _mail(self, due_after: int) -> str:
        rows = [(self.ledgers.by_id[id_].tender_id, amount) for id_, amount in self.plan.settlement.rows.items()]
        destination, order = self.plan.destination, self.ledgers.order
        return refund_mail(order, [(tender_id, destination, amount, None) for tender_id, amount in rows], due_after)


def head_of(refund: Refund, order: Order) -> RefundHead:
    return RefundHead(
        number=refund.number,
        order_id=order.id,
        order_number=order.number,
        collection=order.collection_key,
        state=refund.state,
        currency=order.currency,
        amount=money.to_text(refund.amount, order.currency),
        paid_back=money.to_text(refund.paid_back, order.currency),
        destination=refund.destination,
        reason=refund.reason,
        requested_by=refund.requested_by,
        requested_at=refund.requested_at,
        ended_at=refund.ended_at,
    )


def owed_answer(owed: Owed) -> OwedAnswer:
    refund, order = owed.refund, owed.order
    assert refund.decided_at is not None
    return OwedAnswer(
        number=refund.number,
        order_id=order.id,
        order_number=order.number,
        collection=order.collection_key,
        amount=money.to_text(owed.open_amount, order.currency),
        currency=order.currency,
        since=refund.decided_at,
        waits_for=owed.until,
    )


def refund_document(session: Session, refund: Refund) -> RefundDocument:
    order = session.get_one(Order, refund.order_id)
    reasons = session.get_one(OrderCollection, order.collection_id).properties.reasons
    rows = [row for row in rows_of(session, order.id) if row.kind in GIVES_BACK and row.refund_id == refund.id]
    return RefundDocument(
        **vars(head_of(refund, order)),
        reason_words=words_of_reason(reasons, refund.reason),
        note=refund.note,
        ends_unpaid=money.to_text(refund.ends_unpaid, order.currency),
        ends_written_off=money.to_text(refund.ends_written_off, order.currency),
        approval=refund.approval,
        approval_words=refund.approval_words,
        decided_by=refund.decided_by,
        decided_at=refund.decided_at,
        decision_reason=refund.decision_reason,
        payments=[_payment(row) for row in rows],
    )


def _payment(row: PaymentTransaction) -> RefundPaymentAnswer:
    assert row.parent_id is not None
    return RefundPaymentAnswer(
        id=row.id,
        tender_id=row.tender_id,
        tender_type=row.tender.type,
        capture_id=row.parent_id,
        kind=row.kind,
        status=row.status,
        amount=money.to_text(row.amount, row.currency),
        reference=row.reference,
        decline_code=row.decline_code,
        trace_number=row.trace_number,
        expected_by=row.expected_by,
        settled_at=row.settled_at,
    )
