from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from order_api.core.answers import FieldDoc
from order_api.core.fields import StrictSchema, Text

CANCEL_REQUESTED = "cancel_requested"


class CancellationBody(StrictSchema):
    reason = Text(required=True, metadata={"example": "customer_changed_mind"})


@dataclass
class CancellationAnswer:
    order_id: UUID
    cancel_requested_at: datetime
    reason: str
    status: Annotated[str, FieldDoc(example=CANCEL_REQUESTED)] = CANCEL_REQUESTED
