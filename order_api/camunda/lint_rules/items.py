"""Finds the elements that know one item (they receive item_id) and those that know all (their process loops)."""

from order_api.camunda.model_files import BPMN, CAMUNDA, Model, ModelFolder, Xml, identity, inputs, kind

PREFIX_OF_ITEM_FLOWS = "item-"


def carries_an_item(folder: ModelFolder, element: Xml) -> bool:
    """Whether `item_id` reaches this element: its process receives it, or a sub-process around it sets it."""
    around = [scope for scope in element.iterancestors() if kind(scope) in ("subProcess", "process")]
    if any("item_id" in inputs(scope) for scope in around):
        return True
    key = next((identity(scope) for scope in around if kind(scope) == "process"), "")
    return key.startswith(PREFIX_OF_ITEM_FLOWS) or key in _called_with_item(folder)


def knows_all_items(element: Xml) -> bool:
    process = next(element.iterancestors(f"{BPMN}process"))
    loops = process.iter(f"{BPMN}multiInstanceLoopCharacteristics")
    return any("items" in loop.get(f"{CAMUNDA}collection", "") for loop in loops)


def _called_with_item(folder: ModelFolder) -> set[str]:
    return {
        key
        for model in folder.models
        for call in model.every("callActivity")
        if _passes_item(call)
        for key in _targets(folder, model, call)
    }


def _passes_item(call: Xml) -> bool:
    return any(entry.get("target") == "item_id" for entry in call.iter(f"{CAMUNDA}in"))


def _targets(folder: ModelFolder, model: Model, call: Xml) -> set[str]:
    called = call.get("calledElement", "")
    if not called.startswith("${"):
        return {called}
    chosen_by = {
        task.get(f"{CAMUNDA}decisionRef")
        for task in model.every("businessRuleTask")
        if task.get(f"{CAMUNDA}resultVariable") == called.strip("${} ")
    }
    return {
        "".join(str(text) for text in cell.itertext()).strip().strip('"')
        for file in folder.decisions
        for decision in file.every("decision")
        if identity(decision) in chosen_by
        for cell in file.every("outputEntry", decision)
    }
