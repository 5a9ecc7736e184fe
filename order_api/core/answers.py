"""Answers of the API: a dataclass defines an answer once; its schema for JSON and OpenAPI is generated from it."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import UUID

import marshmallow as ma
from marshmallow import validate

from order_api.core.sentences import sentences_of

FIELDS: dict[Any, type[ma.fields.Field[Any]]] = {
    str: ma.fields.String,
    int: ma.fields.Integer,
    bool: ma.fields.Boolean,
    UUID: ma.fields.UUID,
    datetime: ma.fields.AwareDateTime,
    date: ma.fields.Date,
    dict: ma.fields.Dict,
}


@dataclass(frozen=True)
class FieldDoc:
    """What the API pages show for a field besides its sentence. `words` are its possible values."""

    example: str | None = None
    words: tuple[str, ...] = ()

    def options(self) -> dict[str, Any]:
        metadata = {"example": self.example} if self.example is not None else {}
        return {"metadata": metadata} | ({"validate": validate.OneOf(self.words)} if self.words else {})


Money = Annotated[str, FieldDoc(example="101.39")]
"""A decimal string. An order states its currency once for all its amounts."""


def words_of(words: Iterable[str]) -> FieldDoc:
    return FieldDoc(words=tuple(map(str, words)))


@cache
def schema_of(answer: type) -> type[ma.Schema]:
    """For `@route` and for nesting. The schema also dumps any object that has attributes of the same names."""
    hints = get_type_hints(answer, include_extras=True)
    made = {part.name: _field(hints[part.name]) for part in fields(answer)}
    for name, sentence in sentences_of(answer).items():
        made[name].metadata = {**made[name].metadata, "description": sentence}
    return type(answer.__name__, (ma.Schema,), made)


def _field(hint: Any, **options: Any) -> ma.fields.Field[Any]:
    kind, parts = get_origin(hint) or hint, get_args(hint)
    if kind is Annotated:
        return _field(parts[0], **options, **parts[1].options())
    if kind is UnionType:
        [hint] = set(parts) - {NoneType}
        return _field(hint, **options, allow_none=True)
    if kind is list:
        return ma.fields.List(_field(parts[0]), **options)
    if kind in FIELDS:
        return FIELDS[kind](**options)
    return ma.fields.Nested(schema_of(kind), **options)
