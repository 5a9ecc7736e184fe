"""`docs/architecture.md` defines each rule that code cites by number, and shows the ranks that import-linter checks."""

import configparser
import re

import pytest

from tests.fixtures.system import ROOT

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
RULE = re.compile(r"\b(?:J\d|R\d{1,2}|MC\d\d)\b")
CODE = [file.read_text() for folder in ("order_api", "workers") for file in (ROOT / folder).rglob("*.py")]
CITED = sorted({rule for text in CODE for rule in RULE.findall(text)})


@pytest.mark.parametrize("rule", CITED)
def test_each_rule_that_code_cites_is_defined(rule: str) -> None:
    assert re.search(rf"\*\*{rule}\*\*|\b{rule}(?= is| an)", ARCHITECTURE), rule


def test_the_ranks_are_those_that_imports_are_checked_by() -> None:
    linter = configparser.ConfigParser()
    linter.read(ROOT / "setup.cfg")
    ranks = [line.split(" | ") for line in linter["importlinter:contract:ranks"]["layers"].split("\n") if line]
    [drawn] = re.findall(r"```\ncli\n.*?```", ARCHITECTURE, re.DOTALL)

    shown = [re.split(r"\s{2,}", line)[0].split(" | ") for line in drawn.strip("`\n").split("\n")]

    assert shown == [rank for rank in ranks if rank != ["migrations"]]
