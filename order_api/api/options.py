"""Read what may still be done to an order."""

from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.overview.document_options import OptionsAnswer
from order_api.overview.options import options_of

blueprint = Blueprint("options", __name__, url_prefix="/v1/orders", description="Read what an order still allows.")


@route(blueprint, "GET", "/<uuid:order_id>/options", needs=Permission.READ_ORDERS, answer=(200, OptionsAnswer))
def read(session: Session, actor: Actor, order_id: UUID) -> OptionsAnswer:
    """Read what may still be done to an order

    Tells for its units, lines and charges and for the whole order which acts are possible for you now and, if one is
    not, why not: what a page needs to show its buttons. The act itself decides again: the order may change meanwhile.
    """
    return options_of(session, actor, order_id)
