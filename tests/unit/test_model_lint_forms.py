"""Forms: each test draws one that interprets a text from outside."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.small_models import problems


def look(*parts: dict[str, Any]) -> str:
    return json.dumps({"id": "look", "components": parts})


@pytest.mark.parametrize(
    "part",
    [
        {"type": "text", "text": "Item **{{ sku }}**"},
        {"type": "text", "text": '= "Item " + sku'},
        {"type": "html", "content": "<p>{{#if sku}}{{sku}}{{/if}}</p>"},
        {"type": "image", "source": "=sku"},
        {"type": "iframe", "url": "https://example.com/{{sku}}"},
    ],
)
def test_a_part_that_interprets_a_text_from_outside_is_found(tmp_path: Path, part: dict[str, str]) -> None:
    found = [("t", "It interprets 'sku', a text from outside.")]

    assert problems(tmp_path, look_form=look(part | {"id": "t"})) == found
    assert problems(tmp_path, look_form=look({"type": "group", "id": "g", "components": [part | {"id": "t"}]})) == found


def test_a_field_and_a_text_of_our_own_words_are_fine(tmp_path: Path) -> None:
    field = {"type": "textfield", "key": "sku", "id": "f", "disabled": True}
    text = {"type": "text", "id": "t", "text": "The sku of order {{order_number}}"}

    assert problems(tmp_path, look_form=look(field, text)) == []
