from typing import Any
from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.outside import run
from order_api.fraud_reviews.screen import ScreenFraud
from workers.runtime.registry import handles


@handles(
    Topic.SCREEN_FRAUD,
    Template("Screen for fraud", "Scores how likely the order is fraud, and returns whether it is already frozen."),
    returns={"fraud_score", "fraud_reasons", "is_frozen"},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID) -> dict[str, Any]:
    screening = run(ScreenFraud(actor, order_id))
    return {
        "fraud_score": screening.score,
        "fraud_reasons": ", ".join(screening.reasons),
        "is_frozen": screening.is_frozen,
    }
