"""Ends the undo of an order: releases what its authorizations still hold."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from order_api.payments.void import VoidPayment
from order_api.progress.undo import mark_undo_ended


@dataclass
class EndUndo(VoidPayment):
    """Repeating is safe: the undo ends once, when nothing is left to release."""

    def finish(self, session: Session) -> None:
        mark_undo_ended(session, self.actor, self.order_id)
