"""What happened to an order while a person had its form open."""

from sqlalchemy.orm import Session

from order_api.console.form import Form
from order_api.console.history_wording import HistoryLine, history_lines
from order_api.orders import history
from order_api.orders.models import Order

MAX_SHOWN = 5


def changes_meanwhile(session: Session, order: Order, form: Form) -> list[HistoryLine]:
    """The latest first; empty unless the form was refused for it. An event's number is the version that it made."""
    if not form.is_outdated:
        return []
    latest = history.latest(session, order.id, MAX_SHOWN)
    return history_lines([event for event in latest if event.sequence > form.version], order)
