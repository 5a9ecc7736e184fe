"""Hands an item to fulfillment only while money is held for what is due of its order."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from order_api.payments.expire import why_not_release
from order_api.shipments.models import OPEN
from order_api.shipments.recall import RecallCall
from order_api.shipments.repository import requests_of_item
from order_api.shipments.send import SendCall, SendToFulfillment


@dataclass
class ReleaseItem(SendToFulfillment):
    """Answers PaymentExpired if an authorization has expired. Otherwise, and for an item that was sent before, does
    what SendToFulfillment does."""

    def ask(self, session: Session) -> SendCall | RecallCall | None:
        expired = why_not_release(session, self.actor, self.order_id, self.item_id)
        if expired is not None and not any(row.status in OPEN for row in requests_of_item(session, self.item_id)):
            self.refusal = expired
            return None
        return super().ask(session)
