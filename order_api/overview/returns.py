"""Writes returns for callers."""

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders.models import Order, OrderItem
from order_api.overview.document_returns import (
    OtherReceiptAnswer,
    PolicyAnswered,
    ReceivedAnswer,
    ReturnDocument,
    ReturnHead,
    ReturnLineAnswer,
    ReturnReceiptAnswer,
    ReturnUnitsAnswer,
    UnknownGoodsAnswer,
)
from order_api.overview.refunds import head_of as refund_head_of
from order_api.refunds.models import Refund
from order_api.returns.models import Return, ReturnLine, ReturnReceipt, ReturnUnits
from order_api.returns.override import Override
from order_api.returns.policy import FeeAnswer, PolicyAnswer
from order_api.returns.receive import Received
from order_api.returns.repository import receipts_of
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import OfferedReason, words_of_reason


def head_of(return_: Return, order: Order) -> ReturnHead:
    return ReturnHead(
        number=return_.number,
        order_id=order.id,
        order_number=order.number,
        collection=order.collection_key,
        state=return_.state,
        comes_by=return_.comes_by,
        location=return_.location,
        units=sum(row.quantity for line in return_.lines for row in line.units),
        announced_by=return_.announced_by,
        announced_at=return_.announced_at,
        last_day=return_.last_day,
        refund_due_by=return_.refund_due_by,
        ended_at=return_.ended_at,
    )


def return_document(session: Session, return_: Return) -> ReturnDocument:
    order = session.get_one(Order, return_.order_id)
    items = {item.id: item for item in session.scalars(select(OrderItem).where(OrderItem.order_id == order.id))}
    reasons = session.get_one(OrderCollection, order.collection_id).properties.reasons
    ids = {row.refund_id for line in return_.lines for row in line.units if row.refund_id is not None}
    refunds = {refund.id: refund for refund in session.scalars(select(Refund).where(Refund.id.in_(ids)))} if ids else {}
    numbers = {id_: refund.number for id_, refund in refunds.items()}
    return ReturnDocument(
        **vars(head_of(return_, order)),
        comment=return_.comment,
        scanned_at=return_.scanned_at,
        decided_by=return_.decided_by,
        decided_at=return_.decided_at,
        decision_reason=return_.decision_reason,
        lines=[_line(line, items[line.item_id], reasons, numbers) for line in return_.lines],
        receipts=[_receipt(receipt) for receipt in receipts_of(session, return_)],
        refunds=[refund_head_of(each, order) for each in sorted(refunds.values(), key=lambda each: each.position)],
    )


def _line(
    line: ReturnLine, item: OrderItem, reasons: tuple[OfferedReason, ...], numbers: Mapping[UUID, str]
) -> ReturnLineAnswer:
    return ReturnLineAnswer(
        line_id=item.line_id,
        sku=item.sku,
        name=item.name,
        reason=line.reason,
        reason_words=words_of_reason(reasons, line.reason),
        is_announced=line.is_announced,
        is_allowed=line.is_allowed,
        override=None if line.override is None else Override.from_json(line.override).in_words(),
        policy=None if line.policy is None else policy_answered(PolicyAnswer.from_json(line.policy)),
        fees=[FeeAnswer.from_json(fee).words for fee in line.fees or ()],
        units=[_units(row, numbers) for row in line.units],
    )


def policy_answered(policy: PolicyAnswer) -> PolicyAnswered:
    return PolicyAnswered(**asdict(policy))


def _units(row: ReturnUnits, numbers: Mapping[UUID, str]) -> ReturnUnitsAnswer:
    return ReturnUnitsAnswer(
        first_unit=row.first_unit,
        quantity=row.quantity,
        receipt_id=row.receipt_id,
        verdict=row.verdict,
        verdict_by=row.verdict_by,
        refund=None if row.refund_id is None else numbers[row.refund_id],
        released_at=row.released_at,
        given_up_at=row.given_up_at,
    )


def _receipt(receipt: ReturnReceipt) -> ReturnReceiptAnswer:
    return ReturnReceiptAnswer(
        id=receipt.id,
        reference=receipt.reference,
        location=receipt.location,
        received_by=receipt.received_by,
        received_at=receipt.received_at,
        unknown=receipt.unknown,
        looked_at=receipt.looked_at,
    )


def received_answer(session: Session, actor: Actor, received: Received) -> ReceivedAnswer:
    """A store that receives for another location reads no words of the customer."""
    document = return_document(session, received.return_)
    if actor.stores is not None and received.return_.location not in actor.stores:
        document.comment = None
    others = [OtherReceiptAnswer(session.get_one(Return, each.return_id).number, each.id) for each in received.others]
    return ReceivedAnswer(
        receipt_id=received.receipt.id,
        others=others,
        unknown=[UnknownGoodsAnswer(each["line_id"], each["quantity"]) for each in received.unknown],
        document=document,
    )
