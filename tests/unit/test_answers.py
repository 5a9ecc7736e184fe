"""Answers: a dataclass defines an answer, and its schema is generated from it."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from marshmallow.fields import List, Nested

from order_api.core.answers import FieldDoc, Money, schema_of, words_of
from order_api.orders.models import OrderEvent, OrderItem, OrderNote
from order_api.orders.schemas import EventAnswer
from order_api.overview.document import NoteAnswer
from order_api.overview.document_parts import ItemAnswer, ShipmentAnswer
from order_api.reservations.receive import StockReceipt
from order_api.reservations.schemas import ReceiptAnswer
from order_api.shipments.models import Shipment


@dataclass
class Part:
    amount: Money
    kind: Annotated[str, words_of(["big", "small"])]


@dataclass
class Whole:
    id: UUID
    at: datetime
    count: int
    is_done: bool
    fields_of_others: dict[str, Any]
    parts: list[Part]
    first: Part | None
    remark: Annotated[str | None, FieldDoc(example="Fine.")]
    """What was said."""


PART = Part("1.00", "big")


def test_every_kind_of_field_is_written_as_json_can_hold_it() -> None:
    number, now = uuid4(), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    written = schema_of(Whole)().dump(Whole(number, now, 2, True, {"a": [1]}, [PART], None, None))

    assert written == {
        "id": str(number),
        "at": "2026-01-02T03:04:05+00:00",
        "count": 2,
        "is_done": True,
        "fields_of_others": {"a": [1]},
        "parts": [{"amount": "1.00", "kind": "big"}],
        "first": None,
        "remark": None,
    }


def test_the_schema_says_what_the_pages_of_the_api_show() -> None:
    schema = schema_of(Whole)()
    remark, first, parts = schema.fields["remark"], schema.fields["first"], schema.fields["parts"]

    assert (remark.allow_none, remark.metadata) == (True, {"description": "What was said.", "example": "Fine."})
    assert isinstance(first, Nested)
    assert first.allow_none
    assert isinstance(parts, List)
    assert isinstance(parts.inner, Nested)
    assert schema_of(Part)().fields["kind"].validators[0].choices == ("big", "small")  # type: ignore[attr-defined]


def test_one_dataclass_has_one_schema_of_its_name() -> None:
    assert schema_of(Whole) is schema_of(Whole)
    assert schema_of(Whole).__name__ == "Whole"


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        (ItemAnswer, OrderItem),
        (NoteAnswer, OrderNote),
        (ShipmentAnswer, Shipment),
        (EventAnswer, OrderEvent),
    ],
)
def test_a_row_that_is_answered_as_it_is_has_every_field_of_the_answer(answer: type, row: type) -> None:
    assert [part.name for part in fields(answer) if not hasattr(row, part.name)] == []


def test_a_receipt_is_answered_as_it_is() -> None:
    assert {part.name for part in fields(ReceiptAnswer)} <= {part.name for part in fields(StockReceipt)}
