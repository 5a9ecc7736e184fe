"""Keys hold nothing that cannot be seen; texts hold no format characters but joiners."""

import re
import sys
import unicodedata

import marshmallow as ma
import pytest

from order_api.core.fields import Key, Lines, Text
from order_api.core.invisible import FORMAT, JOINERS

PERSIAN, FAMILY = "می\u200cخواهم", "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def test_the_list_holds_every_format_character_of_unicode() -> None:
    listed = re.compile(f"[{FORMAT}{JOINERS}]")
    of_unicode = {chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Cf"}

    assert {c for c in of_unicode if not listed.fullmatch(c)} == set()


@pytest.mark.parametrize("invisible", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\U000e0041"])
@pytest.mark.parametrize("field", [Key(), Text(), Lines()], ids=["key", "text", "lines"])
def test_format_characters_are_refused(field: Text, invisible: str) -> None:
    for text in (f"a{invisible}b", f"{invisible}ab", f"ab{invisible}"):
        with pytest.raises(ma.ValidationError):
            field.deserialize(text)


@pytest.mark.parametrize("invisible", ["\u200c", "\u200d", "\u3164", "\ufe0f", "\u034f", "\u2800"])
def test_a_key_holds_nothing_invisible(invisible: str) -> None:
    with pytest.raises(ma.ValidationError):
        Key().deserialize(f"a{invisible}b")


@pytest.mark.parametrize("text", [PERSIAN, FAMILY, "naïve", "日本語", "שלום", "❤️"])
def test_texts_of_all_scripts_are_taken(text: str) -> None:
    assert (Text().deserialize(text), Lines().deserialize(f"{text}\n{text}")) == (text, f"{text}\n{text}")
