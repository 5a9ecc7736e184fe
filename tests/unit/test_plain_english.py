"""Sentences have a subject: a person, a program, a thing. Negated and vague pronouns make readers stop."""

import re
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
VAGUE = re.compile(r"(?<![a-z])(?:(?:no|some)body|w(?:ho|hat)ever)(?![a-z])", re.IGNORECASE)
READ = {".py", ".html", ".js", ".css", ".java", ".yml", ".bpmn", ".dmn", ".form", ".json", ".md", ".cfg", ".toml"}
NOT_OURS = ("order_api/console/static/htmx", "docs/decisions/", "CHANGELOG.md", "tests/samples/after_sale_cases.json")
"""Libraries, worked cases, and records of the past, which stay as they were written."""


def test_no_sentence_has_a_vague_subject() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    ours = [Path(name) for name in listed.stdout.splitlines() if not name.startswith(NOT_OURS)]
    read = [name for name in ours if name.suffix in READ and (CHECKOUT / name).exists()]

    vague = {
        str(name): found for name in read if (found := VAGUE.findall((CHECKOUT / name).read_text(encoding="utf-8")))
    }

    assert len(read) > 500
    assert vague == {}
