"""Business words in the rows of decision tables: a row with a misspelled word would never apply."""

from pathlib import Path

import pytest

from tests.unit.small_models import CATCH_ALL, findings, problems, table


def rows(name: str, cell: str) -> str:
    return (
        f"<input><inputExpression><text>{name}</text></inputExpression></input>"
        f'<rule><inputEntry id="cell"><text>{cell}</text></inputEntry></rule>{CATCH_ALL}'
    )


@pytest.mark.parametrize(
    ("name", "cell", "unknown"),
    [
        ("fulfillment_type", '"ship_to_hoem"', "ship_to_hoem"),
        ("channel", '"web", "tv"', "tv"),
        ("channel", 'not("radio")', "radio"),
    ],
)
def test_a_row_that_asks_for_a_word_that_does_not_exist_is_found(
    tmp_path: Path, name: str, cell: str, unknown: str
) -> None:
    found = problems(tmp_path, flow_dmn=table("flow", rows(name, cell)))

    assert found == [("cell", f"There is no {name} '{unknown}'.")]


def test_the_word_that_was_meant_is_offered(tmp_path: Path) -> None:
    [found] = findings(tmp_path, flow_dmn=table("flow", rows("fulfillment_type", '"ship_to_hoem"')))

    assert found.remedy == "Did you mean 'ship_to_home'?"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("fulfillment_type", '"store_pickup"'),
        ("channel", 'not("web","pos")'),
        ("channel", 'starts with(channel, "m")'),
        ("collection", '"gifts"'),
    ],
)
def test_known_words_and_other_questions_are_no_mistake(tmp_path: Path, name: str, cell: str) -> None:
    assert problems(tmp_path, flow_dmn=table("flow", rows(name, cell))) == []
