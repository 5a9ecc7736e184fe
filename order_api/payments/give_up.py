"""Abandons payment, unless a replacement card has just arrived or none is needed any more."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.orders.models.order import UndoReason
from order_api.payments import ledger
from order_api.payments.hold import declined_authorizations, needs_declined
from order_api.payments.replace import untried_replacements
from order_api.progress.undo import mark_undo_begun


def give_up_payment(session: Session, actor: Actor, order_id: UUID) -> bool:
    """Repeating is safe: the first call decides. Checks and decides under one lock, so a new means of payment is either
    found here or refused by the API. False if one has arrived and is to be tried, or if units were canceled meanwhile
    so that nothing needs the declined one."""
    order = repository.get_for_update(session, actor, order_id, Order.tenders)
    if order.is_called_off or order.is_closed:
        return True
    rows = ledger.rows_of(session, order_id)
    is_needless = bool(declined_authorizations(rows)) and not needs_declined(session, order, rows)
    if is_needless or untried_replacements(order, rows):
        return False
    mark_undo_begun(session, actor, order, UndoReason.PAYMENT_GIVEN_UP)
    return True
