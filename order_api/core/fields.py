"""Strict marshmallow fields: they never coerce, truncate or guess a value."""

import re
from decimal import Decimal
from typing import Any

import marshmallow as ma
from marshmallow import validate

AMOUNT_PATTERN = r"^-?\d{1,14}(\.\d{1,6})?$"
"""14 digits before the point fit into eight bytes in minor units, even with four decimals."""

RATE_PATTERN = r"^\d{1,2}(\.\d{1,8})?$"


class Pattern(validate.Regexp):
    """Matches the whole text: no trailing line break, and no digits of other scripts."""

    def __init__(self, regex: str, error: str | None = None, flags: re.RegexFlag = re.ASCII) -> None:
        super().__init__(regex, flags, error=error)
        self.whole = re.compile(regex, flags)

    def __call__(self, value: str) -> str:  # type: ignore[override]
        if self.whole.fullmatch(value) is None:
            raise ma.ValidationError(self._format_error(value))
        return value


class TrueOrFalse(ma.fields.Boolean):
    """Accepts only JSON's `true` and `false`; Python would also accept 1 and 0."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Text(ma.fields.String):
    """One line of text: not blank, of limited length, no control characters that a mail header or terminal obeys."""

    refused = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
    # Blanks, then one visible character, then the rest: no character fits two parts, so the match never backtracks.
    form = r"^([^\S{0}]*[^\s{0}][^{0}]*)?$"
    message = "Send a line of text: not blank, without line breaks and control characters."

    def __init__(self, maximum: int = 200, **kwargs: Any) -> None:
        says_something = Pattern(self.form.format(self.refused), self.message, flags=re.UNICODE)
        length = validate.Length(min=1, max=maximum, error="Needs {min} to {max} characters.")
        super().__init__(validate=[length, says_something], **kwargs)


class Key(Text):
    """A look-up key. It has no blanks around it, because an invisible trailing blank would make a different key."""

    form = r"^([^\s{0}]([^{0}]*[^\s{0}])?)?$"
    message = "Send a line of text: without blanks around it, line breaks and control characters."


class Lines(Text):
    """Text written by a person; may have several lines."""

    refused = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    message = "Send a text: not blank, without control characters."


class ExactDecimal(ma.fields.String):
    """A decimal number as a JSON string, so parsers do not turn it into a float; loads to `Decimal`."""

    def __init__(self, pattern: str = AMOUNT_PATTERN, example: str = "19.99", **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"example": example})
        message = f"Send a decimal number as a string, for example {example!r}."
        super().__init__(validate=[Pattern(pattern, message)], **kwargs)
        self.error_messages = {**self.error_messages, "invalid": message}

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super().deserialize(value, *args, **kwargs)
        return Decimal(text) if isinstance(text, str) else text

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{value:f}"


class Amount(ExactDecimal):
    """A non-negative amount of money. Its decimals are checked later, where the currency is known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pattern=AMOUNT_PATTERN.replace("-?", ""), **kwargs)


class Rate(ExactDecimal):
    """A tax rate as a fraction: `"0.0825"` is 8.25 %."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pattern=RATE_PATTERN, example="0.0825", **kwargs)


class StrictSchema(ma.Schema):
    """Refuses unknown fields; otherwise a misspelled field would be ignored silently."""

    class Meta:
        unknown = ma.RAISE


def strict_integer(minimum: int, maximum: int, **kwargs: Any) -> ma.fields.Integer:
    return ma.fields.Integer(strict=True, validate=validate.Range(min=minimum, max=maximum), **kwargs)
