"""Every rule tested at the commit recorded in tests/moved.tsv is still tested, under its old or a new name."""

from pathlib import Path

import pytest

from tests.moved import Move, Table, moves_of
from tests.rules import assertions, names_of_tests, working_tree

OLD, NEW, NEWEST = (f"tests/unit/test_{name}.py::test_a_rule" for name in ("old", "new", "newest"))


def table(*of_branches: Move) -> Table:
    return Table(1, [Move(OLD, [OLD], [])], list(of_branches))


def test_every_rule_is_still_tested() -> None:
    assert Table.read().missing(set(names_of_tests(working_tree()))) == []


def test_the_number_of_assertions_does_not_fall() -> None:
    assert assertions(working_tree()) >= Table.read().assertions


def test_a_rule_that_is_tested_nowhere_is_named_with_the_place_where_it_should_be() -> None:
    assert table().missing({NEW}) == [f"{OLD} -> {OLD}"]
    assert table(Move(OLD, [NEW], [])).missing({OLD}) == [f"{OLD} -> {NEW}"]


def test_a_move_of_one_branch_continues_that_of_another_and_keeps_both_sentences() -> None:
    moved = table(Move(NEW, [NEWEST], ["Second."]), Move(OLD, [NEW], ["First."]))

    assert moved.joined() == [Move(OLD, [NEWEST], ["First.", "Second."])]


def test_joining_twice_changes_nothing() -> None:
    branches = [Move(OLD, [NEW], ["First."]), Move(NEW, [NEWEST], [])]
    once = table(*branches).joined()

    assert Table(1, once, branches).joined() == once


def test_a_file_moves_with_all_its_tests_and_a_test_may_become_two() -> None:
    of_file = Move("tests/unit/test_old.py", ["tests/unit/test_new.py"], [])

    assert table(of_file).joined() == [Move(OLD, [NEW], [])]
    assert table(Move(OLD, [OLD, NEW], [])).joined() == [Move(OLD, [OLD, NEW], [])]


def test_parameters_of_a_name_are_dropped_and_a_line_that_is_no_move_is_refused(tmp_path: Path) -> None:
    branch = tmp_path / "branch.tsv"
    branch.write_text(f"# why\n{OLD}[USD]\tsame\tA sentence.\n{OLD}[a b]\t{NEW}[c d] {NEWEST}\n")
    assert moves_of(branch) == [Move(OLD, [OLD], ["A sentence."]), Move(OLD, [NEW, NEWEST], [])]

    branch.write_text("a note\n")
    with pytest.raises(ValueError, match="a line is old name, tab, new name"):
        moves_of(branch)


def test_assertions_are_counted_in_tests_and_in_files_of_the_package_that_hold_tests() -> None:
    test = "def test_a(): assert 1; expect(2).to_be(2)\n\nwith pytest.raises(ValueError): f()"
    helper = "def check(): assert 1"

    assert assertions({"tests/a.py": test, "tests/b.py": helper}) == 4
    assert assertions({"order_api/a.py": test, "order_api/b.py": helper}) == 3
