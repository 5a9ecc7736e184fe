"""`make mutants`: mutmut changes one thing at a time in the money arithmetic, and a unit test must fail each time.

[mutmut] in setup.cfg names the changed files and the tests. tests/mutants.toml lists changes that make no difference,
each with its reason; they still count as survivors.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
EQUIVALENT = ROOT / "tests" / "mutants.toml"
FOLDER = ROOT / ".local" / "mutants"
SOURCES = "order_api workers deploy bpmn_models docs tests setup.cfg pyproject.toml Makefile README.md".split()
MIN_CAUGHT = 95
"""Percent of all changes."""
CAUGHT = {"killed", "timeout", "segfault"}
"""A change that hangs the tests or crashes Python counts as caught."""


@dataclass(frozen=True)
class Change:
    """`before` and `after` are the lines of the function that differ."""

    function: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.function}\n  - {self.before}\n  + {self.after}"


def function_of(mutant: str) -> str:
    """`a.b.xǁReaderǁread__mutmut_3` is a change of `a.b.Reader.read`, and `a.b.x_read__mutmut_3` one of `a.b.read`."""
    module, _, name = mutant.rpartition("__mutmut_")[0].rpartition(".")
    return f"{module}.{re.sub('^x_', '', name.removeprefix('xǁ')).replace('ǁ', '.')}"


def change_of(mutant: str, diff: str) -> Change:
    lines = [line for line in diff.splitlines() if re.match(r"[-+](?![-+])", line)]
    before, after = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return Change(function_of(mutant), before, after)


def equivalent() -> dict[Change, str]:
    """The reasons by change."""
    listed = tomllib.loads(EQUIVALENT.read_text())["change"]
    return {Change(one["function"], one["before"], one["after"]): one["reason"] for one in listed}


def report(statuses: Mapping[str, str], survivors: list[Change], listed: Mapping[Change, str]) -> str:
    caught = len(statuses) - len(survivors)
    lines = [f"{change}\n  {listed.get(change, 'No unit test notices.')}" for change in survivors]
    stale = [
        f"{change}\n  Is listed in {EQUIVALENT.name} and did not survive." for change in set(listed) - {*survivors}
    ]
    share = f"{len(statuses)} changes, {caught} caught: {percent(statuses):.1f} %, {MIN_CAUGHT} are wanted."
    return "\n\n".join([*lines, *stale, share])


def percent(statuses: Mapping[str, str]) -> float:
    """Rounded down to one decimal."""
    caught = sum(status in CAUGHT for status in statuses.values())
    return 1000 * caught // len(statuses) / 10


def main() -> int:
    _lay_out()
    if _mutmut("run", quiet=not sys.stdout.isatty()).returncode:
        print(f"mutmut failed: see {FOLDER / 'log'}", file=sys.stderr)
        return 1
    output = _mutmut("results", "--all", "true").stdout
    statuses = dict(re.findall(r"^ +(\S+): (.+)$", output, re.MULTILINE))
    survivors = [mutant for mutant, status in statuses.items() if status not in CAUGHT]
    print(report(statuses, [change_of(one, _mutmut("show", one).stdout) for one in survivors], equivalent()))
    return int(percent(statuses) < MIN_CAUGHT)


def _lay_out() -> None:
    """mutmut writes next to its inputs, so it gets a folder of links."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name in SOURCES:
        (FOLDER / name).symlink_to(ROOT / name)


def _mutmut(*arguments: str, quiet: bool = True) -> "subprocess.CompletedProcess[str]":
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=FOLDER, env=env, capture_output=quiet, text=True)
    if quiet:
        (FOLDER / "log").write_text(f"{done.stdout}{done.stderr}")
    return done


if __name__ == "__main__":
    sys.exit(main())
