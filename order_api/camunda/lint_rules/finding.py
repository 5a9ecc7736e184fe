from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from order_api.camunda.model_files import ModelFolder


@dataclass(frozen=True)
class Finding:
    """A problem with an element of a file, and its remedy."""

    file: str
    element: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.element or '(file)'}: {self.problem} {self.remedy}"


@dataclass(frozen=True)
class Contract:
    """The words that the workers understand; the rules check the models against them."""

    throws: Mapping[str, frozenset[str]]
    returns: Mapping[str, frozenset[str]]
    statuses: Mapping[str, str]
    notices: frozenset[str]


Rule = Callable[[ModelFolder, Contract], Iterator[Finding]]


def suggest(wrong: str, choices: Iterable[str]) -> str:
    """Suggests the likely spelling, or lists all choices."""
    choice = sorted(choices)
    near = get_close_matches(wrong, choice, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Use one of: {', '.join(choice)}."
