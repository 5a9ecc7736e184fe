"""Closes a fulfilled order: releases what is left of its authorizations."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.outside import Story
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.payments.calls import GatewayCall
from order_api.payments.errors import ItemsStillOpen, NothingShipped
from order_api.payments.void import next_release
from order_api.progress.wait import end_wait


@dataclass
class CloseOrder(Story):
    """Answers NothingShipped when every item was canceled. Raises ItemsStillOpen when a changed process variable made
    the flow skip an item: closing the order would hide that."""

    actor: Actor
    order_id: UUID
    task_id: str

    def ask(self, session: Session) -> GatewayCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.items, Order.tenders)
        end_wait(session, self.actor, order, None)
        if not order.has_shipped:
            self.refusal = NothingShipped(f"{order.number}: no unit was shipped.")
            return None
        if remaining := [item.sku for item in order.items if item.open_quantity]:
            raise ItemsStillOpen(f"{order.number}: {', '.join(remaining)} neither shipped nor were canceled.")
        return next_release(session, self.actor, order, self.task_id)
