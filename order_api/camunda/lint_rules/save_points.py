"""Save points: where the engine commits before it goes on, so a later failure does not roll back earlier steps."""

from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding
from order_api.camunda.model_files import BPMN, ModelFolder, camunda, identity
from order_api.camunda.names import Process

STARTED_BY_FACTS = {Process.ORDER_SUBMIT, Process.ORDER_REFUND, Process.REFUND_PAID_TWICE, Process.ORDER_RETURN}


def order_start_not_saved(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for process in model.every("process"):
            starts = process.iterfind(f"{BPMN}startEvent") if identity(process) in STARTED_BY_FACTS else ()
            for start in starts:
                if camunda(start, "asyncBefore") != "true":
                    remedy = "Set 'Asynchronous before' on it."
                    yield Finding(
                        model.file, identity(start), "An error after it would undo the start of the order.", remedy
                    )


def loop_not_saved(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for loop in model.every("multiInstanceLoopCharacteristics"):
            host = loop.getparent()
            assert host is not None
            if loop.get("isSequential") != "true" and camunda(loop, "asyncAfter") != "true":
                remedy = "Set 'Asynchronous after' of the multi-instance."
                yield Finding(model.file, identity(host), "Its instances collide when they end together.", remedy)


RULES = (order_start_not_saved, loop_not_saved)
