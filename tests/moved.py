"""Maps each rule tested at an earlier commit to its present test: maintains and checks `tests/moved.tsv`.

    python -m tests.moved record COMMIT   rewrite the table: every test name of a commit and its number of assertions
    python -m tests.moved join            fold docs/moved/*.tsv, one file per branch, into the table
    python -m tests.moved check           list rules without a test, and compare the assertions
    python -m tests.moved count [COMMIT]  assertions of the working tree, or of a commit

A name is `file::class::function` without parameters. The table holds all names of the commit, so the check needs
no history. In a line of a branch's file, both names may be whole files; several new names are separated by spaces.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.rules import ROOT, assertions, names_of_tests, of_commit, working_tree

TABLE = ROOT / "tests" / "moved.tsv"
OF_BRANCHES = ROOT / "docs" / "moved"
SAME = "same"
BETWEEN = " | "
"""Separates the sentences of one name."""
PARAMETERS = re.compile(r"\[.*?\](?=$| \S+\.py)")


@dataclass(frozen=True)
class Move:
    old: str
    new: list[str]
    sentences: list[str]

    @property
    def line(self) -> str:
        new = SAME if self.new == [self.old] else " ".join(self.new)
        return f"{self.old}\t{new}\t{BETWEEN.join(self.sentences)}".rstrip("\t")


@dataclass(frozen=True)
class Table:
    """Recorded names with their moves, and the moves of branches, which may continue each other."""

    assertions: int
    recorded: list[Move]
    of_branches: list[Move]

    @classmethod
    def read(cls) -> "Table":
        head = TABLE.read_text().splitlines()[0]
        of_branches = [move for file in sorted(OF_BRANCHES.glob("*.tsv")) for move in moves_of(file)]
        return cls(int(head.split()[-1]), moves_of(TABLE), of_branches)

    def joined(self) -> list[Move]:
        """Every recorded name with the last places it was moved to."""
        steps: dict[str, list[Move]] = defaultdict(list)
        for move in [*self.recorded, *self.of_branches]:
            steps[move.old].append(move)
        return [_followed(move.old, steps) for move in self.recorded]

    def missing(self, names: set[str]) -> list[str]:
        """Recorded names whose rule is not in `names`, each with the place that was searched."""
        return [f"{move.old} -> {place}" for move in self.joined() for place in move.new if place not in names]


def _followed(name: str, steps: dict[str, list[Move]]) -> Move:
    sentences: dict[str, None] = {}
    places = dict.fromkeys(_ends(name, steps, sentences, frozenset({name})))
    return Move(name, list(places), list(sentences))


def _ends(name: str, steps: dict[str, list[Move]], sentences: dict[str, None], path: frozenset[str]) -> Iterator[str]:
    """The places where the moves of `name` end; stops at a cycle of tests that swapped places."""
    moves = [*steps.get(name, []), *_moves_of_its_file(name, steps)]
    sentences |= dict.fromkeys(sentence for move in moves for sentence in move.sentences)
    news = dict.fromkeys(new for move in moves if move.new != [name] for new in move.new)
    if not news or path & news.keys():
        yield name
    for new in news:
        if new not in path:
            yield from _ends(new, steps, sentences, path | {new})


def _moves_of_its_file(name: str, steps: dict[str, list[Move]]) -> list[Move]:
    """A test with its own line does not follow its file."""
    file, _, test = name.partition("::")
    if not test or any(move.new != [name] for move in steps.get(name, [])):
        return []
    return [Move(name, [f"{new}::{test}" for new in move.new], move.sentences) for move in steps.get(file, [])]


def moves_of(file: Path) -> list[Move]:
    """Raises ValueError with the first invalid line."""
    lines = [line for line in file.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return [_move(line, file.name) for line in lines]


def _move(line: str, file: str) -> Move:
    old, new, sentence = [*line.split("\t"), "", ""][:3]
    old, new = PARAMETERS.sub("", old), PARAMETERS.sub("", new)
    places = [old] if new == SAME else new.split()
    if not places or not all(name.partition("::")[0].endswith(".py") for name in [old, *places]):
        raise ValueError(f"{file}: a line is old name, tab, new name or 'same', tab, sentence; this is none: {line}")
    return Move(old, places, [part for part in sentence.strip().split(BETWEEN) if part])


def _write(count: int, moves: list[Move]) -> None:
    TABLE.write_text("\n".join([f"# assertions recorded: {count}", *(move.line for move in moves), ""]))


def record(commit: str) -> None:
    sources = of_commit(commit)
    _write(assertions(sources), [Move(name, [name], []) for name in names_of_tests(sources)])


def check() -> bool:
    table, now = Table.read(), working_tree()
    missing, count = table.missing(set(names_of_tests(now))), assertions(now)
    print(*missing, f"{len(missing)} of {len(table.recorded)} names are missing.", sep="\n")
    print(f"{count} assertions; {table.assertions} were recorded.")
    return not missing and count >= table.assertions


def main(command: str = "", commit: str = "") -> int | str:
    """Returns the exit code or the reason for failing."""
    match command:
        case "record" if commit:
            record(commit)
        case "join":
            table = Table.read()
            _write(table.assertions, table.joined())
        case "count":
            print(assertions(of_commit(commit) if commit else working_tree()))
        case "check":
            return 0 if check() else 1
        case _:
            return str(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
