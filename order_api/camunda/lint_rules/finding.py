from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from order_api.camunda.model_files import ModelFolder


@dataclass(frozen=True)
class Finding:
    """What is wrong with which element of which file, and what would be right."""

    file: str
    element: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.element or '(file)'}: {self.problem} {self.remedy}"


@dataclass(frozen=True)
class Contract:
    """What the models are held against: the words that the workers understand."""

    throws: Mapping[str, frozenset[str]]
    statuses: Mapping[str, str]
    notices: frozenset[str]


Rule = Callable[[ModelFolder, Contract], Iterator[Finding]]


def one_of(wrong: str, known: Iterable[str]) -> str:
    """The likely spelling, else the whole choice."""
    choice = sorted(known)
    near = get_close_matches(wrong, choice, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Take one of: {', '.join(choice)}."
