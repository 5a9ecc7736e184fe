from typing import Any
from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.names import Topic
from order_api.core.outside import run
from order_api.fraud_reviews.screen import ScreenFraud
from workers.runtime.registry import handles


@handles(Topic.SCREEN_FRAUD)
def handle(actor: Actor, order_id: UUID) -> dict[str, Any]:
    score, reasons = run(ScreenFraud(actor, order_id)).outcome
    return {"fraud_score": score, "fraud_reasons": ", ".join(reasons)}
