"""What a person decides about a return that differs from its announcement, or whose goods have not come."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.remedies import release_units
from order_api.core import clock
from order_api.orders.line_units import Units
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.progress.wait import end_wait
from order_api.returns.deadlines import after
from order_api.returns.give_back import is_unpaid, refunds_of
from order_api.returns.models import Return, ReturnUnits
from order_api.returns.repository import lock_for_task
from order_api.returns.settle import unknown_goods
from order_api.returns.window import last_day
from order_api.returns.words import OPEN
from order_api.stores.models import OrderCollection


def decide_return(session: Session, actor: Actor, subject: Subject, decision: object) -> None:
    """`decision` is a key of DECISIONS; other words change nothing, so the flow asks again. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, subject=subject)
    carry_out = DECISIONS.get(str(decision))
    if carry_out is not None and return_.state in OPEN:
        carry_out(session, order, return_)


def ask_again(session: Session, order: Order, return_: Return) -> None:
    """The money that was refused or canceled is asked for once more."""
    for row in _unpaid(session, return_):
        row.refund_id = None


def give_no_money(session: Session, order: Order, return_: Return) -> None:
    """What is not paid for leaves the return. Goods that are here get no other remedy, unless they are sent back."""
    for row in _unpaid(session, return_):
        row.released_at = clock.now()
        if row.receipt_id is None:
            release_units(session, return_.cause, row.line.item_id, [Units.counted(*row.range)])


def accept_unknown(session: Session, order: Order, return_: Return) -> None:
    """A person has dealt with the goods that no unit of the order accounts for."""
    for receipt in unknown_goods(session, return_):
        receipt.looked_at = clock.now()


def wait_longer(session: Session, order: Order, return_: Return) -> None:
    """The goods may come for another `return_time_limit` from today."""
    properties = session.get_one(OrderCollection, order.collection_id).properties
    return_.last_day = last_day(after(clock.now(), properties.return_time_limit), 0, properties.time_zone)


def write_off(session: Session, order: Order, return_: Return) -> None:
    """The goods are not expected any more, and their money is not asked back."""
    for row in [row for line in return_.lines for row in line.units if row.is_expected]:
        row.given_up_at = row.given_up_at or clock.now()


DECISIONS: Mapping[str, Callable[[Session, Order, Return], None]] = {
    "ask_again": ask_again,
    "no_money": give_no_money,
    "dealt_with": accept_unknown,
    "wait_longer": wait_longer,
    "write_off_goods": write_off,
}


def _unpaid(session: Session, return_: Return) -> Sequence[ReturnUnits]:
    refunds = refunds_of(session, return_)
    return [row for line in return_.lines for row in line.units if is_unpaid(row, refunds)]
