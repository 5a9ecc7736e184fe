"""Texts that a page, form or mail must not interpret, in every text field of a body."""

import copy
from typing import Any

import marshmallow as ma
from marshmallow import validate

from order_api.core.fields import Key, Lines, Reference, Text
from tests.factories.orders import Json

EVIL = "evil.example"
CALCULATION, RESULT = "{{8191*8191}}", "67092481"
"""Where a template engine takes it for its own."""
MARKUP = (
    f"<b>x</b>{CALCULATION}",
    f"<img src=//{EVIL}/s>{CALCULATION}",
    f"[x](//{EVIL}/m)<a href=//{EVIL}/a>x</a>![](//{EVIL}/n){CALCULATION}",
    f"\"'><script>location='//{EVIL}/j'</script><img src=//{EVIL}/i onerror=alert(1)><a href=//{EVIL}/a>x</a> "
    f"[x](//{EVIL}/m) ![](//{EVIL}/n) **x** //{EVIL}/plain {CALCULATION} ${{8191*8191}} #{{8191*8191}}",
)
"""Each longer than the one before, for fields of all lengths."""
TURNED = "abc\u202edef\u2067ghi"
"""Turns the direction of what follows, where it is not isolated. Only free fields may hold it."""
OTHERS = {"collection", "store", "token", "eligible_lines"}
"""Name what must exist, or lead a gateway."""


def hostile(schema: ma.Schema, body: Json) -> Json:
    """Every free text of the body, and those that it leaves out. Equal texts stay equal, so references still fit."""
    body = copy.deepcopy(body)
    for name, field in schema.load_fields.items():
        if name in OTHERS:
            continue
        if isinstance(field, ma.fields.Nested) and name in body:
            body[name] = hostile(field.schema, body[name])
        elif isinstance(field, ma.fields.List) and isinstance(field.inner, ma.fields.Nested):
            if name in body:
                body[name] = [hostile(field.inner.schema, each) for each in body[name]]
        elif isinstance(field, ma.fields.Dict):
            body[name] = {MARKUP[-2]: MARKUP[-1], "turned": TURNED, "deep": {MARKUP[-1]: [MARKUP[-1]]}}
        elif type(field) in (Text, Key, Lines, Reference):
            body[name] = longest(_maximum(field), body.get(name, ""))
    return body


def longest(maximum: int, own: str = "") -> str:
    """Ends with the field's `own` text, if there is room: keys stay different."""
    fitting = [markup + own for markup in MARKUP if len(markup + own) <= maximum]
    return fitting[-1] if fitting else MARKUP[0][:maximum]


def _maximum(field: ma.fields.Field[Any]) -> int:
    [length] = [each.max for each in field.validators if isinstance(each, validate.Length)]
    assert length is not None
    return length


def texts_in(value: Any) -> set[str]:
    """Every text of a body that holds markup."""
    match value:
        case dict():
            return {text for each in value.values() for text in texts_in(each)}
        case list():
            return {text for each in value for text in texts_in(each)}
        case str() if any(markup in value for markup in MARKUP):
            return {value}
        case _:
            return set()
