"""The version of an order in HTTP: its `ETag`, and the check of a caller's `If-Match`."""

from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.http import parse_etags

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.errors import OrderVersionOutdated
from order_api.orders.models import Order


def etag(order: Order) -> str:
    return f'"{order.version}"'


def require_version(session: Session, actor: Actor, if_match: str, order_id: UUID) -> None:
    """Refuses a writer who has read an older version. Locks the order, so the version stays current.

    `if_match` is the header: the ETag that the caller read, a list of them, or `*`.
    """
    order = repository.get_for_update(session, actor, order_id)
    # A proxy that compresses an answer weakens its ETag; it still names the order's version.
    if not parse_etags(if_match).contains_weak(str(order.version)):
        raise OrderVersionOutdated(f"The order is at version {order.version}.", version=order.version)


def require_version_of_item(session: Session, actor: Actor, if_match: str, item_id: UUID) -> None:
    require_version(session, actor, if_match, repository.order_id_of_item(session, actor, item_id))
