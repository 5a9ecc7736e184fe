"""Every query to the engine returns only what it asks for.

The engine ignores unknown query parameters: a filter with a misspelled name returns everything. So each test puts
something into the engine that must not be found. tests/process/test_human_tasks.py does the same
for the query that finds the person who completed a task.
"""

from contextlib import nullcontext
from uuid import uuid4

import pytest

from order_api.camunda import processes
from order_api.camunda.deployment import deploy
from order_api.camunda.engine import get, post, session, url
from order_api.camunda.external_tasks import TaskClient
from order_api.camunda.names import Message, Process
from order_api.camunda.places import places
from order_api.camunda.processes import Instance, NoFlowWaits
from tests.fixtures.lab import Lab
from tests.fixtures.system import ROOT

pytestmark = pytest.mark.usefixtures("connected")

MODELS = ROOT / "bpmn_models"
WAITING = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="gateway"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<bpmn:message id="m1" name="item-shipped"/><bpmn:message id="m2" name="item-delivered"/>
<bpmn:process id="{key}" isExecutable="true" camunda:historyTimeToLive="P1D">
 <bpmn:startEvent id="start"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="wait_one"/>
 <bpmn:receiveTask id="wait_one" name="Wait one" messageRef="m1"/>
 <bpmn:sequenceFlow id="f2" sourceRef="wait_one" targetRef="wait_two"/>
 <bpmn:receiveTask id="wait_two" name="Wait two" messageRef="m2"/>
</bpmn:process></bpmn:definitions>"""


def deploy_file(name: str, content: str | bytes, **data: str) -> str:
    given = {"deployment-name": "gateway", **data}
    return str(session().post(url("/deployment/create"), data=given, files={"m": (name, content)}).json()["id"])


@pytest.fixture(scope="module")
def waiting(connected: None) -> str:
    """The key of a process that waits for item-shipped, then for item-delivered."""
    key = f"waiting-{uuid4().hex[:8]}"
    deploy_file(f"{key}.bpmn", WAITING.format(key=key))
    return key


def start(key: str, business_key: str, **variables: str) -> str:
    typed = {name: {"value": value, "type": "String"} for name, value in variables.items()}
    body = {"businessKey": business_key, "variables": typed}
    return str(post(f"/process-definition/key/{key}/start", body)["id"])


# Process instances.


@pytest.fixture(scope="module")
def ours(connected: None) -> None:
    deploy(MODELS, nullcontext(), force=True)


@pytest.mark.usefixtures("ours")
def test_a_process_is_found_by_its_order_and_its_key_running_or_ended(waiting: str) -> None:
    order, other = str(uuid4()), str(uuid4())
    mine, ended, _ = start("order-submit", order), start("order-submit", order), start("order-submit", other)
    start(waiting, order)
    processes.delete(ended)

    found = processes.find(Process.ORDER_SUBMIT, order)

    assert sorted(found, key=lambda i: i.is_running) == [Instance(ended, False), Instance(mine, True)]


@pytest.mark.usefixtures("ours")
def test_no_process_is_found_for_an_order_that_never_had_one() -> None:
    assert processes.find(Process.ORDER_SUBMIT, str(uuid4())) == []


def test_deleting_ends_one_instance_and_is_no_error_the_second_time(waiting: str) -> None:
    order = str(uuid4())
    one, other = start(waiting, order), start(waiting, order)

    processes.delete(one)
    processes.delete(one)

    assert [row["id"] for row in get("/process-instance", businessKey=order)] == [other]


def test_the_places_of_an_instance_are_not_those_of_another(waiting: str) -> None:
    one, other = start(waiting, str(uuid4())), start(waiting, str(uuid4()))
    post("/message", {"messageName": "item-shipped", "processInstanceId": other})

    assert where(one, other) == [["Wait one"], ["Wait two"]]


@pytest.mark.usefixtures("ours")
def test_a_start_gives_each_variable_its_type() -> None:
    order = str(uuid4())

    variables = {"order_id": order, "items": [{"a": 1}], "n": 7, "b": True}
    instance = processes.start(Process.ORDER_SUBMIT, order, variables)

    found = get(f"/process-instance/{instance}/variables", deserializeValues="false")
    types = {name: (entry["type"], entry["value"]) for name, entry in found.items()}
    assert types["order_id"] == ("String", order)
    assert types["items"] == ("Json", '[{"a": 1}]')
    assert (types["n"], types["b"]) == (("Integer", 7), ("Boolean", True))
    processes.delete(instance)


# Messages.


def where(*instances: str) -> list[list[str]]:
    return [[place.name for place in places(instance, timeout=10)] for instance in instances]


def test_a_message_wakes_the_one_item_it_is_about(waiting: str) -> None:
    order, item = str(uuid4()), uuid4()
    mine = start(waiting, order, item_id=str(item))
    sibling, stranger = start(waiting, order, item_id=str(uuid4())), start(waiting, str(uuid4()), item_id=str(item))

    processes.correlate(Message.ITEM_SHIPPED, order, "17", item_id=item)

    assert where(mine, sibling, stranger) == [["Wait two"], ["Wait one"], ["Wait one"]]
    [carried] = get("/history/variable-instance", processInstanceId=mine, variableName="message_id")
    assert carried["value"] == "17"


def test_a_message_without_item_wakes_every_process_of_the_order(waiting: str) -> None:
    order = str(uuid4())
    one, two, stranger = start(waiting, order), start(waiting, order), start(waiting, str(uuid4()))

    processes.correlate(Message.ITEM_SHIPPED, order, "17")

    assert where(one, two, stranger) == [["Wait two"], ["Wait two"], ["Wait one"]]


def test_a_message_without_a_waiting_flow_is_refused(waiting: str) -> None:
    order, item = str(uuid4()), uuid4()
    instance = start(waiting, order, item_id=str(item))

    for message, key, of_item in [
        (Message.ITEM_DELIVERED, order, item),
        (Message.ITEM_SHIPPED, str(uuid4()), item),
        (Message.ITEM_SHIPPED, order, uuid4()),
    ]:
        with pytest.raises(NoFlowWaits):
            processes.correlate(message, key, "17", item_id=of_item)

    assert where(instance) == [["Wait one"]]


# Messages to the flows of parcels.


PARCELS = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="gateway"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<bpmn:message id="m1" name="parcel-left"/><bpmn:message id="m2" name="payment-method-replaced"/>
<bpmn:process id="{key}" isExecutable="true" camunda:historyTimeToLive="P1D">
 <bpmn:startEvent id="start"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="user_order"/>
 <bpmn:userTask id="user_order" name="Order goes on"/>
 <bpmn:subProcess id="sub_parcel_left" triggeredByEvent="true">
  <bpmn:startEvent id="start_parcel" isInterrupting="false">
   <bpmn:messageEventDefinition messageRef="m1"/></bpmn:startEvent>
  <bpmn:sequenceFlow id="f2" sourceRef="start_parcel" targetRef="user_pay"/>
  <bpmn:userTask id="user_pay" name="${{shipment_id}} unpaid"><bpmn:extensionElements><camunda:inputOutput>
   <camunda:inputParameter name="shipment_id">${{shipment_id}}</camunda:inputParameter>
  </camunda:inputOutput></bpmn:extensionElements></bpmn:userTask>
  <bpmn:boundaryEvent id="event_card" attachedToRef="user_pay">
   <bpmn:messageEventDefinition messageRef="m2"/></bpmn:boundaryEvent>
  <bpmn:sequenceFlow id="f3" sourceRef="event_card" targetRef="user_paid"/>
  <bpmn:userTask id="user_paid" name="${{shipment_id}} paid"/>
 </bpmn:subProcess>
</bpmn:process></bpmn:definitions>"""


@pytest.fixture(scope="module")
def with_parcels(connected: None) -> str:
    """The key of a process with a flow for each parcel, which waits for a new means of payment."""
    key = f"parcels-{uuid4().hex[:8]}"
    deploy_file(f"{key}.bpmn", PARCELS.format(key=key))
    return key


def tasks_of(instance: str) -> list[str]:
    return sorted(row["name"] for row in get("/task", processInstanceId=instance))


def test_each_parcel_begins_a_flow_of_its_own_beside_that_of_the_order(with_parcels: str) -> None:
    order, first, second = str(uuid4()), uuid4(), uuid4()
    mine, stranger = start(with_parcels, order), start(with_parcels, str(uuid4()))

    processes.correlate(Message.PARCEL_LEFT, order, "17", shipment_id=first)
    processes.correlate(Message.PARCEL_LEFT, order, "18", shipment_id=second)

    assert tasks_of(mine) == sorted(["Order goes on", f"{first} unpaid", f"{second} unpaid"])
    assert tasks_of(stranger) == ["Order goes on"]


def test_a_message_wakes_the_one_parcel_it_is_about(with_parcels: str) -> None:
    order, first, second = str(uuid4()), uuid4(), uuid4()
    mine = start(with_parcels, order)
    for parcel in (first, second):
        processes.correlate(Message.PARCEL_LEFT, order, "17", shipment_id=parcel)

    processes.correlate(Message.PAYMENT_METHOD_REPLACED, order, "18", shipment_id=first)

    assert tasks_of(mine) == sorted(["Order goes on", f"{first} paid", f"{second} unpaid"])
    with pytest.raises(NoFlowWaits):
        processes.correlate(Message.PAYMENT_METHOD_REPLACED, order, "19", shipment_id=uuid4())


# External tasks.


def test_a_fetch_brings_tasks_of_its_topics_with_the_variables_it_names_and_no_more_than_asked() -> None:
    mine, other = Lab(), Lab()
    for lab in (mine, other):
        lab.deploy()
    for _ in range(3):
        mine.start(color="blue", size="L")
        other.start(color="red")

    fetched = TaskClient("gateway").fetch({mine.topic: ["color"]}, 2)

    assert [(task.get_topic_name(), task.get_variables()) for task in fetched] == [(mine.topic, {"color": "blue"})] * 2


def test_a_lock_belongs_to_one_worker_and_one_task() -> None:
    lab = Lab()
    lab.deploy()
    lab.start()
    lab.start()
    one, two = TaskClient("one", lock_seconds=60).fetch({lab.topic: []}, 2)

    TaskClient("one").extend_lock(one.get_task_id(), 600)
    TaskClient("one").unlock(two.get_task_id())

    left = {row["id"]: row["workerId"] for row in get("/external-task", topicName=lab.topic)}
    assert left == {one.get_task_id(): "one", two.get_task_id(): None}
