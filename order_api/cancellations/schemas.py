from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from order_api.core.answers import FieldDoc
from order_api.core.fields import StrictSchema, Text

CANCEL_REQUESTED = "cancel_requested"


class CancellationBody(StrictSchema):
    reason = Text(required=True, metadata={"example": "customer_changed_mind"})
    """Why, in a word or a sentence. It is kept in the history and shown to customer service."""


@dataclass
class CancellationAnswer:
    order_id: UUID
    """Id of the order."""
    cancel_requested_at: datetime
    """When the cancellation was first requested."""
    reason: str
    """The reason given with the first request."""
    status: Annotated[str, FieldDoc(example=CANCEL_REQUESTED)] = CANCEL_REQUESTED
    """Always `cancel_requested`: the flow now undoes the order."""
