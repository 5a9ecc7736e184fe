"""Goods that the policy has not inspected go back into stock as they come."""

from sqlalchemy.orm import Session

from order_api.access.actor import system_actor
from order_api.orders.models import Order
from order_api.orders.repository import item_of
from order_api.returns.models import Return, ReturnReceipt
from order_api.returns.policy import PolicyAnswer
from order_api.returns.verdict import judge_row, record_verdict
from order_api.returns.words import Verdict

TABLE = system_actor("return-policy")


def take_unseen(session: Session, order: Order, return_: Return) -> None:
    """Repeating is safe. The order is locked, its items are loaded."""
    for line in return_.lines:
        if not line.is_allowed or PolicyAnswer.from_json(line.policy).inspect:
            continue
        item = item_of(order, line.item_id)
        for row in [row for row in line.units if row.verdict == Verdict.PENDING]:
            receipt = session.get_one(ReturnReceipt, row.receipt_id)
            judge_row(session, TABLE, return_, receipt, item, row, Verdict.RESELLABLE)
            record_verdict(session, TABLE, order, return_, receipt.id, item, Verdict.RESELLABLE, row.quantity)
