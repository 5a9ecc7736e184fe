"""Models hold no code: no scripts and no Java classes.

A listener may only record who decided, or set a variable of its own scope to a word.
"""

from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding
from order_api.camunda.lint_rules.waits import LOCAL_WORD, WHO_COMPLETES
from order_api.camunda.model_files import BPMN, CAMUNDA, Model, ModelFolder, Xml, identity, kind

REMEDY = "Use an external task or a decision table instead."


def script(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        scripts = [*model.every("scriptTask"), *model.root.iter(f"{CAMUNDA}script")]
        conditions = [found for found in model.every("conditionExpression") if found.get("language")]
        for element in [*scripts, *conditions]:
            yield Finding(model.file, _owner(element), "It holds a script.", REMEDY)


def java(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for element in _camunda_elements(model):
            named = [
                element.get(prefix + name)
                for prefix in (CAMUNDA, "")
                for name in ("class", "delegateExpression", "expression")
            ]
            if any(named) and not _is_allowed(element.get("expression", "")):
                yield Finding(model.file, _owner(element), "It calls code inside the engine.", REMEDY)


def _is_allowed(expression: str) -> bool:
    return expression == WHO_COMPLETES or LOCAL_WORD.fullmatch(expression) is not None


def _camunda_elements(model: Model) -> Iterator[Xml]:
    yield from model.every("serviceTask", "sendTask", "businessRuleTask", "messageEventDefinition")
    yield from model.root.iter(f"{CAMUNDA}executionListener", f"{CAMUNDA}taskListener", f"{CAMUNDA}connector")


def _owner(element: Xml) -> str:
    holders = [element, *element.iterancestors()]
    return next((identity(holder) for holder in holders if holder.tag == BPMN + kind(holder) and identity(holder)), "")


RULES = (script, java)
