from typing import Any
from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.names import Topic
from order_api.fraud_reviews.screen import screen_fraud
from workers.runtime.registry import handles


@handles(Topic.SCREEN_FRAUD, returns={"fraud_score", "fraud_reasons"})
def handle(actor: Actor, order_id: UUID) -> dict[str, Any]:
    screening = screen_fraud(actor, order_id)
    return {"fraud_score": screening.score, "fraud_reasons": ", ".join(screening.reasons or [])}
