"""Business errors: a path for each error that a worker may throw, and no path for an error that nothing throws."""

from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding
from order_api.camunda.model_files import BPMN, Model, ModelFolder, Xml, identity, kind, topic
from order_api.camunda.names import BpmnError


def error_without_path(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for task in model.external_tasks():
            caught = {model.error_code(found) for found in model.boundaries_of(task, "errorEventDefinition")}
            for code in sorted(contract.throws.get(topic(task) or "", frozenset())):
                if code not in caught and None not in caught:
                    problem = f"The worker of '{topic(task)}' may throw '{code}' and nothing catches it."
                    yield Finding(
                        model.file, identity(task), problem, f"Draw an error event with code '{code}' on its border."
                    )


def path_without_error(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        hosts = {identity(node): node for node in model.flow_nodes()}
        for event in model.every("boundaryEvent"):
            host = hosts.get(event.get("attachedToRef", ""))
            for definition in event.findall(f"{BPMN}errorEventDefinition"):
                code = model.error_code(definition)
                if host is not None and code is not None and code not in _throwable(folder, model, host, contract):
                    problem = f"Nothing in '{identity(host)}' throws '{code}'."
                    yield Finding(model.file, identity(event), problem, "Correct the code or remove the event.")


def _throwable(folder: ModelFolder, model: Model, host: Xml, contract: Contract) -> set[str | None]:
    if kind(host) == "callActivity":
        return {code for other in folder.models for code in other.thrown_by_error_ends(other.root)} | set(BpmnError)
    tasks = [host, *host.iterdescendants()]
    by_workers = {str(code) for task in tasks for code in contract.throws.get(topic(task) or "", frozenset())}
    return by_workers | model.thrown_by_error_ends(host)


RULES = (error_without_path, path_without_error)
