"""(b) External tasks a second of our runtime, against a bare worker on the same engine."""

import os
import threading
import time
from collections.abc import Callable

import requests

from tests.bench.bare import BareWorker
from tests.bench.stage import Stage
from tests.fixtures.system import wait_until

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="bench" id="bench">
 <bpmn:process id="bench-three-tasks" isExecutable="true" camunda:historyTimeToLive="P1D">
  <bpmn:startEvent id="start"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="one"/>
  <bpmn:serviceTask id="one" camunda:type="external" camunda:topic="update-status"/>
  <bpmn:sequenceFlow id="f2" sourceRef="one" targetRef="two"/>
  <bpmn:serviceTask id="two" camunda:type="external" camunda:topic="update-status"/>
  <bpmn:sequenceFlow id="f3" sourceRef="two" targetRef="three"/>
  <bpmn:serviceTask id="three" camunda:type="external" camunda:topic="update-status"/>
  <bpmn:sequenceFlow id="f4" sourceRef="three" targetRef="end"/><bpmn:endEvent id="end"/>
 </bpmn:process>
</bpmn:definitions>"""
THREADS = 8


def measure(stage: Stage, instances: int) -> tuple[str, str, str, str]:
    """Our runtime and the bare worker in turns, twice each, after warming up both and the engine."""
    _deploy(stage)
    _run_bare(stage, instances // 2)
    _run_ours(stage, instances // 2)
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    for who, run in (("bare", _run_bare), ("ours", _run_ours), ("ours", _run_ours), ("bare", _run_bare)):
        rates[who].append(run(stage, instances))
    ours, bare = (sum(rates[who]) / 2 for who in ("ours", "bare"))
    return "external tasks", f"{ours:.0f}/s", f"{bare:.0f}/s", f"{ours / bare:.2f}"


def _deploy(stage: Stage) -> None:
    auth = (stage.engine.user, stage.engine.password)
    files = {"three.bpmn": ("three.bpmn", MODEL.encode())}
    requests.post(f"{stage.engine.url}/deployment/create", files=files, auth=auth, timeout=60).raise_for_status()


def _start(stage: Stage, instances: int) -> None:
    for number in range(instances):
        stage.shop.engine(
            "POST",
            "/process-definition/key/bench-three-tasks/start",
            {"businessKey": f"00000000-0000-4000-8000-{number:012d}"},
        )


def _run_bare(stage: Stage, instances: int) -> float:
    _start(stage, instances)
    worker = BareWorker(stage, ["update-status"], THREADS)
    return _timed(stage, instances, lambda: worker.run(lambda: worker.done >= 3 * instances))


def _run_ours(stage: Stage, instances: int) -> float:
    """Our runtime in this process, with a handler that does nothing, so only the runtime's work counts."""
    _start(stage, instances)
    for name in ("DATABASE_URL", "ENGINE_URL", "ENGINE_USER", "ENGINE_PASSWORD", "SECRET_KEY"):
        os.environ[name] = stage.shop.system.env[name]
    from order_api.camunda.element_templates import Template  # noqa: PLC0415 - the modules read settings at import
    from order_api.camunda.names import Topic  # noqa: PLC0415
    from workers.runtime.registry import Handler  # noqa: PLC0415
    from workers.runtime.worker import Worker  # noqa: PLC0415

    topic, template = Topic.UPDATE_STATUS, Template("Nothing", "Does nothing.")
    worker = Worker({topic: Handler(topic, lambda: None, frozenset(), frozenset(), {}, template)}, THREADS)
    thread = threading.Thread(target=worker.run)

    def run() -> None:
        thread.start()
        wait_until(lambda: not _left(stage), what="the end of all tasks")

    rate = _timed(stage, instances, run)
    worker.stop()
    thread.join()
    return rate


def _timed(stage: Stage, instances: int, run: Callable[[], None]) -> float:
    began = time.monotonic()
    run()
    return 3 * instances / (time.monotonic() - began)


def _left(stage: Stage) -> int:
    time.sleep(0.1)
    return int(stage.shop.engine("GET", "/process-instance/count", processDefinitionKey="bench-three-tasks")["count"])
