"""Messages of the simulated gateway, sent to the API as the gateway would and carried out as the relay would."""

import json
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text

from order_api.core.database import transaction
from order_api.integrations.payment.simulator import SIGNATURE_HEADER, signature_of
from order_api.payment_events.handle import handle_event
from order_api.payment_events.models import PaymentEvent
from tests.fixtures.service import Client
from workers.senders import RELAY


def send_event(client: Client, kind: str, key: str, event_id: str | None = None, **more: Any) -> Any:
    body = json.dumps({"id": event_id or str(uuid4()), "kind": kind, "key": key, **more}).encode()
    headers = {SIGNATURE_HEADER: signature_of(body), "Content-Type": "application/json"}
    return client.call("POST", "/v1/payment-events/card", data=body, headers=headers)


def carry_out(key: str) -> list[str | None]:
    """Carries out every stored message about this request. Returns the outcomes, oldest first."""
    query = select(PaymentEvent).where(PaymentEvent.key == UUID(key)).order_by(PaymentEvent.received_at)
    with transaction() as session:
        ids = [event.id for event in session.scalars(query)]
    for id_ in ids:
        with transaction() as session:
            handle_event(session, RELAY, id_)
    with transaction() as session:
        return [event.outcome for event in session.scalars(query)]


def report(client: Client, kind: str, key: str) -> list[str | None]:
    """The gateway says so, and its books have it. Returns the outcomes of its messages about this request."""
    outcome = {"done": (True, None), "failed": (False, "failed")}.get(kind.rsplit("_", maxsplit=1)[-1])
    if outcome is not None:
        books = "UPDATE simulator_payments SET approved = :approved, decline_code = :code WHERE key = :key"
        with transaction() as session:
            session.execute(text(books), {"key": key, "approved": outcome[0], "code": outcome[1]})
    send_event(client, kind, key)
    return carry_out(key)
