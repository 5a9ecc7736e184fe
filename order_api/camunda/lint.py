"""Checks a folder of models before deployment for mistakes that the engine accepts."""

from collections.abc import Mapping
from pathlib import Path

from order_api.camunda.lint_rules import (
    code,
    decisions,
    drawing,
    errors,
    flow,
    forms,
    save_points,
    statuses,
    tasks,
    waits,
)
from order_api.camunda.lint_rules.finding import Contract, Finding, Rule
from order_api.camunda.model_files import read

__all__ = ["Finding", "lint"]

RULES: tuple[Rule, ...] = (
    *tasks.RULES,
    *errors.RULES,
    *statuses.RULES,
    *waits.RULES,
    *save_points.RULES,
    *flow.RULES,
    *forms.RULES,
    *decisions.RULES,
    *code.RULES,
    *drawing.RULES,
)


def lint(
    folder: Path,
    throws: Mapping[str, frozenset[str]],
    returns: Mapping[str, frozenset[str]],
    statuses: Mapping[str, str],
    notices: frozenset[str],
) -> list[Finding]:
    """`throws` maps each topic that has a worker to the errors it may throw, `returns` to the variables it sets.
    `statuses` maps each default status to its category. `notices` are the mails that can be sent."""
    files, contract = read(folder), Contract(throws, returns, statuses, notices)
    broken = [
        Finding(file, "", f"It cannot be read: {why}.", "Save it again from Modeler.") for file, why in files.unreadable
    ]
    return broken + [finding for rule in RULES for finding in rule(files, contract)]
