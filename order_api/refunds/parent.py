"""Wakes the process of the return, or of another subject, for which a refund was asked."""

from sqlalchemy.orm import Session

from order_api.outbox import wake_ups
from order_api.refunds.models import Refund
from order_api.words.events import Event


def wake_parent(session: Session, refund: Refund, fact: Event) -> None:
    """Call it in the transaction that decides about the refund."""
    if refund.parent_number is not None and refund.parent_kind is not None:
        wake_ups.wake(session, refund.parent_number, fact, [None], refund.parent_kind)
