"""What a refund that waits holds: its units, and per capture a row of money. Released if it is not granted."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from order_api.bill.remedies import release_remedy, take_remedy
from order_api.core import clock
from order_api.core.outside import CallStatus
from order_api.orders.models import Order
from order_api.payments import ledger
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.refunds.ledgers import Ledgers
from order_api.refunds.models import Destination, Refund
from order_api.refunds.plan import RefundPlan
from order_api.refunds.wanted import Goods

KINDS = {Destination.ORIGINAL: TransactionKind.REFUND, Destination.OUTSIDE: TransactionKind.TRANSFER_OUTSIDE}


def hold(session: Session, order: Order, refund: Refund, ledgers: Ledgers, plan: RefundPlan) -> None:
    """The order is locked, and the plan was reckoned under this lock."""
    refund.wanted, refund.amount = plan.wanted.as_json(), plan.amount
    refund.ends_unpaid, refund.ends_written_off = plan.settlement.ends_unpaid, plan.settlement.ends_written_off
    refund.paid_back = plan.settlement.paid_back
    session.flush()
    own = {each.item_id: each.ranges for each in plan.wanted.units if each.goods != Goods.RETURNED}
    take_remedy(session, order.id, refund.cause, own)
    hold_money(session, order, refund, ledgers, plan)


def hold_money(session: Session, order: Order, refund: Refund, ledgers: Ledgers, plan: RefundPlan) -> None:
    for capture_id, amount in plan.settlement.rows.items():
        row = new_part(session, order, refund, ledgers.by_id[capture_id], KINDS[refund.destination], amount)
        row.status = CallStatus.HELD


def new_part(
    session: Session,
    order: Order,
    refund: Refund,
    capture: PaymentTransaction,
    kind: TransactionKind,
    amount: int,
) -> PaymentTransaction:
    """A row of the refund that gives back of the capture. The order's tenders are loaded."""
    row = ledger.new_row(session, order, capture.tender, kind, amount, refund.number)
    row.parent, row.refund_id, row.shipment_id = capture, refund.id, capture.shipment_id
    return row


def holds(session: Session, refund: Refund, plan: RefundPlan) -> bool:
    """Whether the refund holds exactly what the plan takes."""
    of_refund = PaymentTransaction.refund_id == refund.id, PaymentTransaction.status == CallStatus.HELD
    held = select(PaymentTransaction).where(*of_refund)
    is_same = refund.wanted == plan.wanted.as_json() and refund.amount == plan.amount
    settlement = plan.settlement
    ends = settlement.ends_unpaid, settlement.ends_written_off
    is_same = is_same and (refund.ends_unpaid, refund.ends_written_off) == ends
    return is_same and {row.parent_id: row.amount for row in session.scalars(held)} == dict(settlement.rows)


def release(session: Session, refund: Refund) -> None:
    """Repeating is safe."""
    release_remedy(session, refund.cause)
    release_money(session, refund)


def release_money(session: Session, refund: Refund) -> None:
    held = PaymentTransaction.refund_id == refund.id, PaymentTransaction.status == CallStatus.HELD
    withdrawn = {"status": CallStatus.WITHDRAWN, "settled_at": clock.now()}
    session.execute(update(PaymentTransaction).where(*held).values(withdrawn))
