"""Closes an order that was carried out or undone: releases what is left of its authorizations."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, money
from order_api.core.outside import Story
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.payments.balance import MAY_BE_DONE, balance
from order_api.payments.calls import GatewayCall
from order_api.payments.ledger import rows_of
from order_api.payments.void import next_release
from order_api.progress.follow_items import follow_items
from order_api.progress.undo import mark_undo_ended
from order_api.progress.wait import end_wait
from order_api.refunds.ledgers import read_ledgers
from order_api.refunds.request import give_back_excess
from order_api.settlement.errors import ItemsStillOpen
from order_api.shipments.repository import unsettled_shipments
from order_api.words.events import Event


@dataclass
class CloseOrder(Story):
    """Repeating is safe: an order closes once. `is_settled` is False while a parcel is not paid; the order then waits.
    `is_explained` is False while any other money is outstanding than refunds give back; a person then has to find out
    why, and `difference` says how much it is. What an order that is undone has paid goes back by a refund.

    Raises ItemsStillOpen when a changed process variable made the flow skip an item: closing the order would hide that.
    """

    actor: Actor
    order_id: UUID
    task_id: str
    is_settled: bool = False
    is_explained: bool = False
    difference: str = ""

    def ask(self, session: Session) -> GatewayCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.items, Order.tenders)
        end_wait(session, self.actor, order, None, Event.PARCEL_SETTLED)
        if open_items := [item.sku for item in order.items if item.open_quantity]:
            raise ItemsStillOpen(f"{order.number}: {', '.join(open_items)} have neither shipped nor been canceled.")
        self.is_settled = not unsettled_shipments(session, order.id)
        order.waits_for_parcels = not self.is_settled
        outstanding = self._outstanding(session, order) if self.is_settled else 0
        self.is_explained = self.is_settled and not outstanding
        self.difference = _difference(outstanding, order.currency) if outstanding else ""
        return next_release(session, self.actor, order, self.task_id) if self.is_explained else None

    def _outstanding(self, session: Session, order: Order) -> int:
        """What neither the bill nor a refund explains."""
        if not balance(session, order, rows_of(session, order.id), MAY_BE_DONE).outstanding:
            return 0
        if order.undo_began_at is not None:
            give_back_excess(session, self.actor, order)
        return read_ledgers(session, order).balance.outstanding

    def finish(self, session: Session) -> None:
        if not self.is_explained:
            return
        order = repository.get_for_update(session, self.actor, self.order_id)
        order.closed_at = order.closed_at or clock.now()
        follow_items(session, self.actor, order)
        mark_undo_ended(order)


def _difference(outstanding: int, currency: str) -> str:
    amount = money.with_currency(abs(outstanding), currency)
    return f"The customer still owes {amount}." if outstanding > 0 else f"We owe the customer {amount}."
