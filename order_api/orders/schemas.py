"""Queries of lists and histories, the answer of a history, and the body of a note."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import AwareDateTime, Integer, String

from order_api.access.actor import ActorKind
from order_api.core.answers import Cursor, FieldDoc, words_of
from order_api.core.fields import Lines, Pattern, StrictSchema, Text
from order_api.words import Channel
from order_api.words.events import Event

SORTS = ("-placed_at", "placed_at", "-total", "total")


class OrderQuery(StrictSchema):
    number = Text()
    external_id = Text()
    status = Text()
    channel = String(validate=validate.OneOf(list(Channel)))
    store = Text()
    collection = Text()
    customer_id = Text()
    customer_email = Text(maximum=254, metadata={"description": "In capital or small letters."})
    currency = String(
        validate=Pattern(r"^[A-Z]{3}$"),
        metadata={"description": "Needed to sort by total: amounts of different currencies cannot be compared."},
    )
    placed_from = AwareDateTime(format="iso", metadata={"description": "With time zone, inclusive."})
    placed_before = AwareDateTime(format="iso", metadata={"description": "With time zone, exclusive."})
    sort = String(load_default="-placed_at", validate=validate.OneOf(SORTS))
    limit = Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = Text(maximum=500)

    @ma.validates_schema
    def _totals_are_of_one_currency(self, data: dict[str, Any], **_: object) -> None:
        if data["sort"].endswith("total") and "currency" not in data:
            raise ma.ValidationError("To sort by total, name the currency of the orders, for example USD.", "currency")


@dataclass
class EventAnswer:
    """`before` and `after` are statuses where the event is a change of status."""

    sequence: int
    at: datetime
    event: Annotated[str, FieldDoc(example=Event.ORDER_STATUS_CHANGED, words=tuple(Event))]
    actor_kind: Annotated[str, words_of(ActorKind)]
    actor_id: str
    item_id: UUID | None
    before: str | None
    after: str | None
    reason: str | None
    details: dict[str, Any]


class HistoryQuery(StrictSchema):
    limit = Integer(load_default=500, validate=validate.Range(min=1, max=1000))
    cursor = Text(maximum=500)


@dataclass
class HistoryAnswer:
    events: list[EventAnswer]
    next_cursor: Cursor


class NoteBody(StrictSchema):
    text = Lines(maximum=2000, required=True)
