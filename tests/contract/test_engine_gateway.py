"""Every question we ask the engine is answered for what was asked and nothing else.

The engine ignores a query parameter that it does not know: a filter with a slip in its name returns everything. So each
test has something in the engine that must not be found. Who completed a task: tests/process/test_human_tasks.py.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from order_api.camunda import processes
from order_api.camunda.deployment import deploy, fetch, foreign_versions
from order_api.camunda.engine import get, post, session, url
from order_api.camunda.external_tasks import TaskClient
from order_api.camunda.filters import QUEUES, ensure_queue
from order_api.camunda.identity import DEMO_PEOPLE, create_demo_people, prepare_groups
from order_api.camunda.names import Group, Message, Process
from order_api.camunda.processes import Instance, NobodyWaits
from order_api.camunda.rights import Resource, Right, ensure
from tests.fixtures.lab import Lab
from tests.fixtures.system import PASSWORD, ROOT

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
    """The key of a process that waits for item-shipped and then for item-delivered."""
    key = f"waiting-{uuid4().hex[:8]}"
    deploy_file(f"{key}.bpmn", WAITING.format(key=key))
    return key


def start(key: str, business_key: UUID, **variables: str) -> str:
    typed = {name: {"value": value, "type": "String"} for name, value in variables.items()}
    body = {"businessKey": str(business_key), "variables": typed}
    return str(post(f"/process-definition/key/{key}/start", body)["id"])


# Process instances.


@pytest.fixture(scope="module")
def ours(connected: None) -> None:
    deploy(MODELS, nullcontext(), force=True)


@pytest.mark.usefixtures("ours")
def test_a_process_is_found_by_its_order_and_its_key_running_or_ended(waiting: str) -> None:
    order, other = uuid4(), uuid4()
    mine, ended, _ = start("order-submit", order), start("order-submit", order), start("order-submit", other)
    start(waiting, order)
    processes.delete(ended)

    found = processes.find(Process.ORDER_SUBMIT, order)

    assert sorted(found, key=lambda i: i.is_running) == [Instance(ended, False), Instance(mine, True)]


@pytest.mark.usefixtures("ours")
def test_nothing_is_found_of_an_order_that_was_never_started() -> None:
    assert processes.find(Process.ORDER_SUBMIT, uuid4()) == []


def test_deleting_ends_one_instance_and_is_no_error_the_second_time(waiting: str) -> None:
    order = uuid4()
    one, other = start(waiting, order), start(waiting, order)

    processes.delete(one)
    processes.delete(one)

    assert [row["id"] for row in get("/process-instance", businessKey=str(order))] == [other]


def test_where_an_instance_stands_is_told_of_this_instance(waiting: str) -> None:
    one, other = start(waiting, uuid4()), start(waiting, uuid4())
    post("/message", {"messageName": "item-shipped", "processInstanceId": other})

    assert processes.activity_names(one) == ["Wait one"]
    assert processes.activity_names(other) == ["Wait two"]


@pytest.mark.usefixtures("ours")
def test_a_start_gives_each_variable_its_type() -> None:
    order = uuid4()

    variables = {"order_id": str(order), "items": [{"a": 1}], "n": 7, "b": True}
    instance = processes.start(Process.ORDER_SUBMIT, order, variables)

    found = get(f"/process-instance/{instance}/variables", deserializeValues="false")
    types = {name: (entry["type"], entry["value"]) for name, entry in found.items()}
    assert types["order_id"] == ("String", str(order))
    assert types["items"] == ("Json", '[{"a": 1}]')
    assert (types["n"], types["b"]) == (("Integer", 7), ("Boolean", True))
    processes.delete(instance)


# Messages.


def places(*instances: str) -> list[list[str]]:
    return [processes.activity_names(instance) for instance in instances]


def test_a_message_wakes_the_one_item_it_is_about(waiting: str) -> None:
    order, item = uuid4(), uuid4()
    mine = start(waiting, order, item_id=str(item))
    sibling, stranger = start(waiting, order, item_id=str(uuid4())), start(waiting, uuid4(), item_id=str(item))

    processes.correlate(Message.ITEM_SHIPPED, order, item, "17")

    assert places(mine, sibling, stranger) == [["Wait two"], ["Wait one"], ["Wait one"]]
    [carried] = get("/history/variable-instance", processInstanceId=mine, variableName="message_id")
    assert carried["value"] == "17"


def test_a_message_without_item_wakes_every_process_of_the_order(waiting: str) -> None:
    order = uuid4()
    one, two, stranger = start(waiting, order), start(waiting, order), start(waiting, uuid4())

    processes.correlate(Message.ITEM_SHIPPED, order, None, "17")

    assert places(one, two, stranger) == [["Wait two"], ["Wait two"], ["Wait one"]]


def test_a_message_that_nobody_waits_for_is_told(waiting: str) -> None:
    order, item = uuid4(), uuid4()
    instance = start(waiting, order, item_id=str(item))

    for message, key, of_item in [
        (Message.ITEM_DELIVERED, order, item),
        (Message.ITEM_SHIPPED, uuid4(), item),
        (Message.ITEM_SHIPPED, order, uuid4()),
    ]:
        with pytest.raises(NobodyWaits):
            processes.correlate(message, key, of_item, "17")

    assert places(instance) == [["Wait one"]]


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


def test_a_lock_is_of_one_worker_and_one_task() -> None:
    lab = Lab()
    lab.deploy()
    lab.start()
    lab.start()
    one, two = TaskClient("one", lock_seconds=60).fetch({lab.topic: []}, 2)

    TaskClient("one").extend_lock(one.get_task_id(), 600)
    TaskClient("one").unlock(two.get_task_id())

    left = {row["id"]: row["workerId"] for row in get("/external-task", topicName=lab.topic)}
    assert left == {one.get_task_id(): "one", two.get_task_id(): None}


# Deployments.


@pytest.fixture
def clean() -> Iterator[None]:
    """Our models are the latest, and are so again."""
    deploy(MODELS, nullcontext(), force=True)
    yield
    deploy(MODELS, nullcontext(), force=True)


ITEM_MODEL = (MODELS / "processes" / "item-ship-to-home.bpmn").read_bytes()
ITEM_TABLE = (MODELS / "decisions" / "item-flow.dmn").read_bytes()


@pytest.mark.usefixtures("clean")
def test_only_the_latest_version_of_our_own_keys_counts_as_a_designers() -> None:
    deploy_file("unrelated.bpmn", WAITING.format(key="unrelated"))
    deploy_file("item-ship-to-home.bpmn", ITEM_MODEL)
    deploy(MODELS, nullcontext(), force=True)

    assert foreign_versions(MODELS) == []


@pytest.mark.usefixtures("clean")
def test_a_table_of_a_designer_is_known_by_its_key() -> None:
    theirs = deploy_file("item-flow.dmn", ITEM_TABLE)

    [foreign] = foreign_versions(MODELS)

    assert (foreign.key, foreign.deployment_id, foreign.deployment_name) == ("item-flow", theirs, "gateway")


@pytest.mark.usefixtures("clean")
def test_the_models_of_a_tenant_are_not_ours() -> None:
    theirs = deploy_file("item-ship-to-home.bpmn", ITEM_MODEL, **{"tenant-id": "another-shop"})

    assert foreign_versions(MODELS) == []
    session().delete(url(f"/deployment/{theirs}"), params={"cascade": "true"})


def test_the_files_of_one_deployment_are_fetched_and_no_others(tmp_path: Path) -> None:
    one, _ = (deploy_file(f"{key}.bpmn", WAITING.format(key=key)) for key in ("fetched", "not-fetched"))

    assert [file.name for file in fetch(one, tmp_path)] == ["fetched.bpmn"]


# People, groups, queues and rights.


def test_a_queue_is_known_by_its_whole_name() -> None:
    query = {"resourceType": "Task", "query": {}, "properties": {}}
    like_it = post("/filter/create", {**query, "name": f"{QUEUES[0].name} of last year"})["id"]

    ids = {ensure_queue(queue) for queue in (*QUEUES, *QUEUES)}

    assert len(ids) == len(QUEUES)
    assert like_it not in ids
    assert "taskDefinitionKeyIn" not in get(f"/filter/{like_it}")["query"]
    session().delete(url(f"/filter/{like_it}"))


def test_a_person_who_is_missing_is_made_though_others_are_there() -> None:
    prepare_groups()
    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})
    for person in DEMO_PEOPLE[1:]:
        session().delete(url(f"/user/{person.id}"))

    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})

    assert [user["id"] for person in DEMO_PEOPLE for user in get("/user", id=person.id)] == [p.id for p in DEMO_PEOPLE]


def test_a_person_of_another_group_and_a_group_of_other_people_do_not_count_as_member() -> None:
    prepare_groups()
    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})
    carla = DEMO_PEOPLE[0]
    session().put(url(f"/group/{carla.group}/members/admin"))
    session().put(url(f"/group/{Group.STORE_OPERATOR}/members/{carla.id}"))
    session().delete(url(f"/group/{carla.group}/members/{carla.id}"))

    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})

    assert {group["id"] for group in get("/group", member=carla.id)} == {carla.group, Group.STORE_OPERATOR}
    session().delete(url(f"/group/{carla.group}/members/admin"))
    session().delete(url(f"/group/{Group.STORE_OPERATOR}/members/{carla.id}"))


def test_a_group_that_is_missing_is_made_though_others_are_there() -> None:
    prepare_groups()
    session().delete(url(f"/group/{Group.OPERATOR}"))

    prepare_groups()
    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})

    assert [group["id"] for group in get("/group", id=Group.OPERATOR)] == [Group.OPERATOR]
    assert get("/group", id=Group.OPERATOR, member="otto-operator")


PROCESS, DECISION = Resource.PROCESS_DEFINITION, Resource.DECISION_DEFINITION


def right(group: Group = Group.OPERATOR, resource: Resource = PROCESS, of: str = "", *more: str) -> Right:
    return Right(group, resource, of, frozenset({"READ", *more}))


def granted(of: str) -> list[tuple[Any, ...]]:
    rows = [row for row in get("/authorization") if row["resourceId"].startswith(of)]
    return sorted((r["groupId"], r["resourceType"], r["resourceId"], tuple(sorted(r["permissions"]))) for r in rows)


def test_a_right_is_known_by_group_kind_and_thing() -> None:
    of = f"thing-{uuid4().hex[:8]}"
    others = [right(Group.CSR_ADMIN, PROCESS, of), right(Group.OPERATOR, DECISION, of), right(of=f"{of}-2")]
    for other in others:
        ensure(other)

    ensure(right(of=of))
    ensure(right(Group.OPERATOR, PROCESS, of, "UPDATE_INSTANCE"))
    ensure(right(of=of))

    assert granted(of) == [
        (Group.CSR_ADMIN, PROCESS, of, ("READ",)),
        (Group.OPERATOR, PROCESS, of, ("READ", "UPDATE_INSTANCE")),
        (Group.OPERATOR, PROCESS, f"{of}-2", ("READ",)),
        (Group.OPERATOR, DECISION, of, ("READ",)),
    ]


def test_what_an_administrator_took_away_is_no_grant() -> None:
    of = f"thing-{uuid4().hex[:8]}"
    taken = {"type": 2, "permissions": ["READ"], "groupId": Group.OPERATOR, "resourceType": PROCESS, "resourceId": of}
    post("/authorization/create", taken)

    ensure(right(of=of))

    assert sorted(row["type"] for row in get("/authorization") if row["resourceId"] == of) == [1, 2]
