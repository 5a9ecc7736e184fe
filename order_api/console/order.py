"""One order: everything known about it, refreshed until we expect no more changes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, url_for
from sqlalchemy.orm import Session

from order_api.console import live
from order_api.console.action import offers
from order_api.console.changes import changes_meanwhile
from order_api.console.form import Form
from order_api.console.history_wording import history_lines
from order_api.console.money_panel import money_panel
from order_api.console.refund_words import RefundInWords, refunds_in_words
from order_api.console.return_words import STATES as RETURN_STATES
from order_api.console.site import blueprint
from order_api.console.sums import sums_of
from order_api.console.visitor import visitor
from order_api.core import clock
from order_api.core.snapshot import snapshot
from order_api.orders import history
from order_api.orders.models import Order
from order_api.overview.compose import document_of
from order_api.overview.read import OrderView
from order_api.stores.models import OrderCollection

REFRESHED_EVERY = 2
MAX_EVENTS = 300
REFRESH_AFTER_CLOSE = timedelta(seconds=30)
"""A closed order may still get a last line of history, such as the mail about it."""


@blueprint.get("/orders/<uuid:order_id>")
def order(order_id: UUID) -> Response:
    return show_order(order_id, Form())


def show_order(order_id: UUID, sent: Form) -> Response:
    """The action that `sent` belongs to shows it again; every other form on the page is new."""
    with snapshot() as session:
        actor = visitor(session)
        view = OrderView.read(session, actor, order_id)
        events = history.latest(session, order_id, MAX_EVENTS)
        content: dict[str, Any] = {
            "order": document_of(view),
            "sums": sums_of(view.order, view.transactions),
            "panel": money_panel(view),
            "refunds": _refunds(session, view),
            "return_states": RETURN_STATES,
            "events": history_lines(events, view.order),
            "older": view.order.history_length - len(events),
            "offers": offers(actor, view),
            "changes": changes_meanwhile(session, view.order, sent),
            "form_of": lambda action: sent if sent.action == action else Form(),
        }
    seconds, address = refreshed_every(view.order), url_for("console.order", order_id=order_id)
    return live.show("console/order.html", "console/order_parts.html", seconds=seconds, address=address, **content)


def _refunds(session: Session, view: OrderView) -> list[RefundInWords]:
    if not view.refunds:
        return []
    reasons = session.get_one(OrderCollection, view.order.collection_id).properties.reasons
    return refunds_in_words(view.order, view.refunds, view.transactions, reasons)


def refreshed_every(order: Order) -> int | None:
    """Seconds; None if we expect no more changes of the order."""
    is_over = order.is_closed and clock.now() - order.updated_at > REFRESH_AFTER_CLOSE
    return None if is_over else REFRESHED_EVERY
