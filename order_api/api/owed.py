"""Read what we owe customers."""

from typing import Any

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.overview.document_refunds import OwedPage
from order_api.overview.refunds import owed_answer
from order_api.refunds.owed import search_owed
from order_api.refunds.schemas import OwedQuery

blueprint = Blueprint("owed", __name__, url_prefix="/v1", description="Read what we owe customers.")


@route(blueprint, "GET", "/owed", needs=Permission.READ_ORDERS, query=OwedQuery, answer=(200, OwedPage))
def find(session: Session, actor: Actor, query: dict[str, Any]) -> OwedPage:
    """List granted refunds that are not paid, oldest first, page by page

    Tells of each how much is still to be paid, since when, and what it waits for.
    """
    page = search_owed(session, actor, query)
    return OwedPage([owed_answer(owed) for owed in page.rows], page.next_cursor)
