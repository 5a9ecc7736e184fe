"""docs/permissions.md lists what each role may do."""

from pathlib import Path

import pytest

from order_api.access.actor import NEEDED_FOR_DECISION, NOT_BY_WHO_ASKED, PERMISSIONS, Permission
from order_api.access.permission_words import IN_WORDS
from order_api.cli.permissions_page import permissions_text
from order_api.words import Role

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
ROWS = [[cell.strip() for cell in row.strip("|").split("|")] for row in permissions_text().splitlines() if "|" in row]
HEAD = ROWS[0]


def test_the_document_is_written_from_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == permissions_text()


def test_each_permission_has_words_of_its_own() -> None:
    assert IN_WORDS.keys() == set(Permission)
    assert len(set(IN_WORDS.values())) == len(Permission)


@pytest.mark.parametrize("role", Role)
def test_the_column_of_a_role_says_what_it_may_do(role: Role) -> None:
    column = HEAD.index(f"`{role}`")
    cells = {row[0].lower(): row[column] for row in ROWS if len(row) == len(HEAD)}

    granted = {permission for permission, words in IN_WORDS.items() if cells[words] == "yes"}

    assert granted == PERMISSIONS[role]


def test_a_decision_that_needs_another_person_says_so() -> None:
    cells = {row[0]: row[1:] for row in ROWS if len(row) == 3}

    assert {name for name in NEEDED_FOR_DECISION if cells[f"`{name}`"][1] == "yes"} == NOT_BY_WHO_ASKED
    assert cells["`booked`"][0] == "book what was paid outside"
