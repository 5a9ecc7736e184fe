"""Strict marshmallow fields: they never coerce, truncate or guess a value."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Self

import marshmallow as ma
from marshmallow import validate

from order_api.core.card_numbers import holds_card_number
from order_api.core.invisible import BLANK_LETTERS, FORMAT, JOINERS
from order_api.core.keys import compared
from order_api.core.sentences import sentences_of


class Reason(str):
    """What is wrong with a field, with a code of its own for programs."""

    code: str

    def __new__(cls, code: str, message: str) -> Self:
        reason = super().__new__(cls, message)
        reason.code = code
        return reason


class Pattern(validate.Regexp):
    """Matches the whole text: no trailing line break, and no digits of other scripts.

    `in_words` is the error, and part of the field's description.
    """

    def __init__(self, regex: str, in_words: str, flags: re.RegexFlag = re.ASCII) -> None:
        super().__init__(regex, flags, error=in_words)
        self.in_words = in_words
        self.whole = re.compile(regex, flags)

    def __call__(self, value: str) -> str:  # type: ignore[override]
        if self.whole.fullmatch(value) is None:
            raise ma.ValidationError(self.reason(value))
        return value

    def reason(self, value: str) -> str:
        return self.in_words


CURRENCY = Pattern(r"^[A-Z]{3}$", "Three capital letters, ISO 4217.")


class DescribedSchema(ma.Schema):
    """Describes each field by the sentence below it, and its pattern in words."""

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:
        sentence = sentences_of(type(self)).get(field_name, "")
        patterns = [validator.in_words for validator in field_obj.validators if isinstance(validator, Pattern)]
        if described := " ".join(filter(None, [sentence, *patterns])):
            field_obj.metadata = {**field_obj.metadata, "description": described}


class TrueOrFalse(ma.fields.Boolean):
    """Accepts only JSON's `true` and `false`; Python would also accept 1 and 0."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Text(ma.fields.String):
    """One line of text: not blank, of limited length, no control characters that a mail header or terminal obeys, and
    none that turn the direction of what follows."""

    refused = r"\x00-\x1f\x7f-\x9f\u2028\u2029" + FORMAT
    # Blanks, then one visible character, then the rest: the first part cannot take the visible character, so the match
    # never backtracks.
    form = r"^([^\S{0}]*[^\s{0}][^{0}]*)?$"
    message = "One line of text, not blank, without format characters."

    def __init__(self, maximum: int = 200, **kwargs: Any) -> None:
        says_something = Pattern(self.form.format(self.refused), self.message, flags=re.UNICODE)
        length = validate.Length(min=1, max=maximum, error="Needs {min} to {max} characters.")
        super().__init__(validate=[length, says_something], **kwargs)


class Key(Text):
    """A look-up key. It has no blanks around it and nothing invisible, which would make a different key."""

    refused = Text.refused + JOINERS + BLANK_LETTERS
    form = r"^([^\s{0}]([^{0}]*[^\s{0}])?)?$"
    message = "One line of text, without blanks around it and without invisible characters."


class Reference(Key):
    """Names something by its key. Loads to what keys are compared by; the key itself is shown as it was first sent."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return compared(super()._deserialize(value, *args, **kwargs))


class Lines(Text):
    """Text written by a person; may have several lines. A card number in it is refused."""

    refused = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f" + FORMAT
    message = "Text, not blank, without format characters; it may have several lines."

    def __init__(self, maximum: int = 200, **kwargs: Any) -> None:
        super().__init__(maximum, **kwargs)
        self.validators.append(_refuse_card_number)


def _refuse_card_number(text: str) -> None:
    if holds_card_number(text):
        raise ma.ValidationError(Reason("card_number", "This looks like a card number. Leave it out."))


class DecimalForm(Pattern):
    """A number that is not negative, with at most `whole` digits before and `decimals` digits after the point."""

    def __init__(self, whole: int, decimals: int, example: str) -> None:
        words = f"A decimal number such as {example!r}, not negative, with at most {decimals} decimals."
        super().__init__(rf"^\d{{1,{whole}}}(\.\d{{1,{decimals}}})?$", words)
        self.digits, self.decimals = whole, decimals

    def reason(self, value: str) -> str:
        number = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?", value, re.ASCII)
        if number is None:
            return Reason("not_a_number", self.in_words)
        if number[1]:
            return Reason("negative", "Must not be negative.")
        if len(number[2]) > self.digits:
            return Reason("too_large", f"At most {self.digits} digits before the point.")
        return Reason("too_many_decimals", f"At most {self.decimals} decimals.")


class ExactDecimal(ma.fields.String):
    """A decimal number as a JSON string, so parsers do not turn it into a float; loads to `Decimal`."""

    def __init__(self, form: DecimalForm, example: str, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"example": example})
        super().__init__(validate=[form], **kwargs)
        self.error_messages = {**self.error_messages, "invalid": f'Send the number as a string: "{example}".'}

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super().deserialize(value, *args, **kwargs)
        return Decimal(text) if isinstance(text, str) else text

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{value:f}"


class Amount(ExactDecimal):
    """An amount of money that is not negative. Its decimals are checked later, where the currency is known.

    14 digits before the point fit into eight bytes in minor units, even with four decimals.
    """

    def __init__(self, example: str = "19.99", **kwargs: Any) -> None:
        super().__init__(DecimalForm(whole=14, decimals=6, example=example), example, **kwargs)


class Rate(ExactDecimal):
    """A tax rate as a fraction: `"0.0825"` is 8.25 %."""

    def __init__(self, example: str = "0.0825", **kwargs: Any) -> None:
        super().__init__(DecimalForm(whole=2, decimals=8, example=example), example, **kwargs)


class Time(ma.fields.AwareDateTime):
    """A time with its time zone."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"example": "2026-11-29T08:30:00Z"})
        super().__init__(format="iso", **kwargs)
        words = "Send a time with its time zone, for example 2026-11-29T08:30:00Z; in a URL, write a plus sign as %2B."
        self.error_messages = {**self.error_messages, "invalid": words, "invalid_awareness": words}


class StrictSchema(DescribedSchema):
    """Refuses unknown fields; otherwise a misspelled field would be ignored silently."""

    class Meta:
        unknown = ma.RAISE


def one_of(words: Iterable[str]) -> str:
    """The error message of a field. Lists only the `words` accepted today; the field may know more."""
    return f"Must be one of: {', '.join(words)}."


def strict_integer(minimum: int, maximum: int, **kwargs: Any) -> ma.fields.Integer:
    return ma.fields.Integer(strict=True, validate=validate.Range(min=minimum, max=maximum), **kwargs)
