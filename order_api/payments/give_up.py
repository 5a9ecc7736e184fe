"""Nobody will pay for the order any more, unless somebody has just begun to."""

from uuid import UUID

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.database import transaction
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.payments import ledger
from order_api.payments.errors import PaymentMethodReplaced
from order_api.payments.replace import untried_replacements
from order_api.words.events import Event


def give_up_payment(actor: Actor, order_id: UUID) -> None:
    """Repeating is safe: what is given up stays so. Looks and decides under one lock, so that a new means of payment
    is either seen here or refused by the API. Raises PaymentMethodReplaced."""
    with transaction() as session:
        order = repository.get_for_update(session, actor, order_id, Order.tenders)
        if order.cancel_requested_at is not None:
            return
        if untried_replacements(order, ledger.rows_of(session, order_id)):
            raise PaymentMethodReplaced(f"{order.number} has a new means of payment.")
        order.give_up(clock.now())
        history.record(session, order, Event.ORDER_GIVEN_UP, actor)
