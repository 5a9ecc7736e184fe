from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.orders.models import OrderEvent
from order_api.refunds.models import Refund
from order_api.words.events import Event


def decision_about(session: Session, refund: Refund) -> OrderEvent | None:
    """The last decision that a person took about the refund in a queue."""
    taken = OrderEvent.order_id == refund.order_id, OrderEvent.event == Event.DECISION_TAKEN
    about = OrderEvent.details.contains({"about": refund.number})
    return session.scalar(select(OrderEvent).where(*taken, about).order_by(OrderEvent.sequence.desc()).limit(1))
