"""The example in docs/money.md is carried out: each sum in its table is that of the order after that act."""

import re
from pathlib import Path

from tests.factories.after_sale import CASES, Case
from tests.fixtures.service import Client

DOCUMENT = Path(__file__).parents[2] / "docs" / "money.md"
ROW = re.compile(r"^\| (placed|one unit|the rest)[^|]*\|(.*)\|$", re.MULTILINE)
COLUMNS = ("placed", "adjusted", "due", "to_capture", "captured", "outstanding")


def test_each_sum_of_the_example_is_that_of_the_order(channel: Client) -> None:
    rows = [[sum_.strip().replace("\u2212", "-") for sum_ in row.split("|")] for _, row in written()]
    played = Case(channel, CASES[0]["order"])

    seen = [sums(played)]
    for step in CASES[0]["steps"]:
        played.carry_out(step["act"])
        seen.append(sums(played))

    assert rows == seen


def written() -> list[tuple[str, str]]:
    found = ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    return [(str(label), str(cells)) for label, cells in found]


def sums(played: Case) -> list[str]:
    bill = played.document()["bill"]
    return [bill[name] for name in COLUMNS]
