"""Read the history of an order."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.orders import history, repository
from order_api.orders.schemas import HistoryAnswer, HistoryQuery

blueprint = Blueprint("history", __name__, url_prefix="/v1/orders", description="Read what happened to an order.")


@route(
    blueprint,
    "GET",
    "/<uuid:order_id>/history",
    needs=Permission.READ_ORDERS,
    query=HistoryQuery,
    answer=(200, HistoryAnswer),
)
def read_history(session: Session, actor: Actor, order_id: UUID, query: dict[str, Any]) -> HistoryAnswer:
    """List who did what, when and why, oldest first, page by page"""
    page = history.page_of(session, repository.get_with(session, actor, order_id).id, query)
    return HistoryAnswer(page.rows, page.next_cursor)
