"""docs/architecture.md defines the rules that code cites, and the files it names exist."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
ARCHITECTURE = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRIBUTING = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
RULE = re.compile(r"\b(?:J\d|R\d+|MC\d+)\b")
FOLDERS = sorted(p.name for p in CHECKOUT.iterdir() if p.is_dir() and not p.name.startswith("."))
PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*\w/?)`")
SUFFIXES = {".py", ".html", ".bpmn", ".dmn", ".form"}


def cited() -> dict[str, set[str]]:
    """The citing files by rule."""
    files = [f for folder in ("order_api", "workers", "bpmn_models") for f in (CHECKOUT / folder).rglob("*")]
    citations: dict[str, set[str]] = {}
    for file in files:
        if file.suffix in SUFFIXES:
            for rule in RULE.findall(file.read_text(encoding="utf-8")):
                citations.setdefault(rule, set()).add(str(file.relative_to(CHECKOUT)))
    return citations


def test_every_rule_that_code_cites_is_defined() -> None:
    defined = set(re.findall(r"\*\*(J\d|R\d+|MC\d+)\b", ARCHITECTURE))

    assert {rule: files for rule, files in cited().items() if rule not in defined} == {}


def test_the_rules_are_complete() -> None:
    defined = re.findall(r"^\*\*(J\d|R\d+)\b", ARCHITECTURE, re.MULTILINE)

    assert defined == [f"J{number}" for number in range(1, 8)] + [f"R{number}" for number in range(1, 11)]


def test_the_documented_ranks_are_those_that_import_linter_checks() -> None:
    setup = ConfigParser()
    setup.read(CHECKOUT / "setup.cfg")

    assert f"```\n{setup['importlinter:contract:ranks']['layers'].strip()}\n```" in ARCHITECTURE


@pytest.mark.parametrize("path", sorted({*PATH.findall(ARCHITECTURE), *PATH.findall(CONTRIBUTING)}))
def test_each_path_that_the_pages_name_exists(path: str) -> None:
    assert (CHECKOUT / path).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)(?=[`\n ])", CONTRIBUTING))))
def test_each_make_target_on_the_contributing_page_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_readme_leads_to_both_pages() -> None:
    assert "(docs/architecture.md)" in README
    assert "(CONTRIBUTING.md)" in README
