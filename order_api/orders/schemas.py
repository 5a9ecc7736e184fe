"""The query parameters of the order list and the history, the answer with the history, and the body of a note."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import Integer, String

from order_api.access.actor import ActorKind
from order_api.core.answers import FieldDoc, words_of
from order_api.core.fields import CURRENCY, Lines, StrictSchema, Text, Time
from order_api.words import Channel
from order_api.words.events import Event

SORTS = ("-placed_at", "placed_at", "-total", "total")


class OrderQuery(StrictSchema):
    number = Text()
    """The order's number, in full."""
    external_id = Text()
    """The channel's own number, in full."""
    status = Text()
    """Status of the order, for example `on_hold`."""
    channel = String(validate=validate.OneOf(list(Channel)))
    """The sales channel."""
    store = Text()
    """Key of the store in which the order was placed."""
    collection = Text()
    """Key of the collection."""
    customer_id = Text()
    """The customer's id in the shop."""
    customer_email = Text(maximum=254)
    """The customer's e-mail address, in full; letter case does not matter."""
    currency = String(validate=CURRENCY)
    """Currency of the order. Required when sorting by total."""
    placed_from = Time()
    """Only orders placed at this time or later. With time zone; a plus sign is `%2B`."""
    placed_before = Time()
    """Only orders placed before this time. With time zone; a plus sign is `%2B`."""
    sort = String(load_default="-placed_at", validate=validate.OneOf(SORTS))
    """By time or total; a minus sign puts the newest or largest first."""
    limit = Integer(load_default=50, validate=validate.Range(min=1, max=200))
    """Orders per page."""
    cursor = Text(maximum=500)
    """The `next_cursor` of the page before."""

    @ma.validates_schema
    def _totals_are_of_one_currency(self, data: dict[str, Any], **_: object) -> None:
        if data["sort"].endswith("total") and "currency" not in data:
            raise ma.ValidationError("To sort by total, name the currency of the orders, for example USD.", "currency")


@dataclass
class EventAnswer:
    """`before` and `after` are the statuses before and after the event, if the event sets a status."""

    sequence: int
    """Position in the history of the order, counted from 1."""
    at: datetime
    """When it happened."""
    event: Annotated[str, FieldDoc(example=Event.ORDER_STATUS_CHANGED, words=tuple(Event))]
    """What happened."""
    actor_kind: Annotated[str, words_of(ActorKind)]
    """What kind of actor did it."""
    actor_id: str
    """Who did it: a person's name, a program's key, or a step of the flow."""
    item_id: UUID | None
    """The item that it concerns; null if it concerns the whole order."""
    before: str | None
    """The status before, for a change of status."""
    after: str | None
    """The status after, for a change of status."""
    reason: str | None
    """Why, in the words of the person or program that decided."""
    details: dict[str, Any]
    """More facts, depending on the event."""


class HistoryQuery(StrictSchema):
    limit = Integer(load_default=500, validate=validate.Range(min=1, max=1000))
    """Events per page."""
    cursor = Text(maximum=500)
    """The `next_cursor` of the page before."""


@dataclass
class HistoryAnswer:
    events: list[EventAnswer]
    """The events of this page, oldest first."""
    next_cursor: str | None
    """Send it as `cursor` to read the next page; null on the last."""


class NoteBody(StrictSchema):
    text = Lines(maximum=2000, required=True)
    """What customer service should know. It may have several lines."""
