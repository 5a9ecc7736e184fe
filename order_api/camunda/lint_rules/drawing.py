"""The diagram is complete, and ids are words: people read them, and process migration maps elements by id."""

import re
from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding
from order_api.camunda.model_files import ModelFolder, identity, kind

MADE_BY_MODELER = re.compile(r"[A-Z][A-Za-z]*_[0-9a-z]{6,8}")
WORDS = {"sequenceFlow": "flow_a_to_b", "userTask": "usertask_review_fraud", "process": "item-ship-to-home"}


def generated_id(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for element in [*model.every("process", "sequenceFlow"), *model.flow_nodes()]:
            if MADE_BY_MODELER.fullmatch(identity(element)):
                example = WORDS.get(kind(element), "task_reserve_inventory, gateway_fraud, event_declined")
                yield Finding(
                    model.file, identity(element), "Its id is generated.", f"Name it in words, like {example}."
                )


def element_without_shape(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        drawn = {shape.get("bpmnElement") for shape in model.root.iter() if kind(shape) in ("BPMNShape", "BPMNEdge")}
        elements = [*model.flow_nodes(), *model.every("sequenceFlow")]
        if elements and not drawn:
            yield Finding(model.file, "", "It has no diagram.", "Draw it in Modeler.")
        for element in elements if drawn else []:
            if identity(element) not in drawn:
                yield Finding(
                    model.file, identity(element), "It is not in the diagram.", "Draw it, or delete it from the file."
                )


RULES = (generated_id, element_without_shape)
