"""What happened to an order while a person had its form open."""

from sqlalchemy.orm import Session

from order_api.console.form import Form
from order_api.console.history_wording import HistoryLine, history_lines
from order_api.orders import history
from order_api.orders.models import Order

MAX_SHOWN = 5


def changes_meanwhile(session: Session, order: Order, form: Form) -> list[HistoryLine]:
    """The latest first; empty unless these changes outdated the form. An event's `sequence` is the version it made."""
    if not form.is_outdated:
        return []
    latest = history.latest(session, order.id, MAX_SHOWN)
    return history_lines([event for event in latest if event.sequence > form.version], order)
