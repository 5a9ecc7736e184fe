"""Ends the undo of an order: releases what its authorizations still hold."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.outside import Story
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.payments.calls import GatewayCall
from order_api.payments.void import next_release
from order_api.progress.undo import mark_undo_ended


@dataclass
class EndUndo(Story):
    """Repeating is safe: the undo ends once, when nothing is left to release."""

    actor: Actor
    order_id: UUID
    task_id: str

    def ask(self, session: Session) -> GatewayCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.tenders)
        return next_release(session, self.actor, order, self.task_id)

    def finish(self, session: Session) -> None:
        mark_undo_ended(session, self.actor, self.order_id)
