"""Recalls units that a cancellation asked back, cancels them, and sends the rest of their line anew."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.cancellations.cancel_units import cancel_now
from order_api.cancellations.models import Cancellation, RecalledUnits
from order_api.cancellations.recalls import asked_back, recalls_of_cancellation, settle_recall, units_of
from order_api.cancellations.record_cancellation import new_cancellation
from order_api.core.outside import Story
from order_api.orders import repository
from order_api.orders.line_units import Units, common, count_of, highest, without
from order_api.orders.models import Order, OrderItem
from order_api.orders.unit_ledger import ledger_of
from order_api.shipments.recall import RecallCall, next_recall
from order_api.shipments.send import SendRestCall, send_rest


@dataclass
class RecallUnits(Story):
    """Repeating is safe: units are canceled once, and the rest of a line has one request under the cancellation's id.

    Goes on line by line. A warehouse recalls whole requests. What left before its answer has shipped; what it gave back
    is canceled at once, also for other cancellations that asked for units of the line.
    """

    actor: Actor
    order_id: UUID
    cancellation_id: UUID

    def ask(self, session: Session) -> RecallCall | SendRestCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.items, Order.ship_groups)
        rows = recalls_of_cancellation(session, self.cancellation_id)
        asked, item_ids = {row.item_id for row in rows if row.settled_at is None}, {row.item_id for row in rows}
        for item in (item for item in order.items if item.id in item_ids):
            if order.is_called_off:
                # The undo recalls everything.
                return None
            if item.id in asked:
                if (recall := next_recall(session, self.actor, order, item.id)) is not None:
                    return recall
                self._cancel(session, order, item)
            elif (rest := send_rest(session, self.actor, order, item, self._task_id)) is not None:
                return rest
        # A line that was canceled just now has a rest to send.
        return self.ask(session) if asked else None

    @property
    def _task_id(self) -> str:
        """Names the request for the rest of a line."""
        return f"cancellation {self.cancellation_id}"

    def _cancel(self, session: Session, order: Order, item: OrderItem) -> None:
        """Each cancellation of units that came back is an act of its own, with its own mail."""
        for row in asked_back(session, [item.id])[item.id]:
            if order.is_called_off:
                return
            asked_by = session.get_one(Cancellation, row.cancellation_id)
            units = _units_given_back(session, item, row)
            if units:
                act = new_cancellation(session, asked_by.requested_by, order, asked_by.reason)
                cancel_now(session, self.actor, order, act, [(item, some) for some in units])
                row.canceled_by_id = act.id
            settle_recall(row, is_complete=count_of(units) == row.quantity)


def _units_given_back(session: Session, item: OrderItem, row: RecalledUnits) -> list[Units]:
    """As many open units as were asked back, those with the same numbers first: numbers do not say where goods are."""
    open_ = ledger_of(session, [item]).lines[item.id].with_fate(None)
    same = common([units_of(row)], open_)
    others = without(open_, same)
    return [*same, *highest(others, min(row.quantity - count_of(same), count_of(others)))]
