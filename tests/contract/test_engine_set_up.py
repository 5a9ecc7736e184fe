"""Our set-up of an engine finds its own objects again: deployments, people, groups, queues and rights.

As in test_engine_gateway.py, each test puts something into the engine that must not be found.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from order_api.camunda.demo_passwords import refuse_demo_passwords
from order_api.camunda.demo_people import DEMO_PEOPLE
from order_api.camunda.deployment import deploy, fetch, foreign_versions
from order_api.camunda.engine import get, post, session, url
from order_api.camunda.filters import QUEUES, ensure_queue
from order_api.camunda.identity import create_demo_people, prepare_groups
from order_api.camunda.names import Group
from order_api.camunda.rights import Resource, Right, ensure
from tests.contract.our_models import MODELS
from tests.contract.test_engine_gateway import WAITING, deploy_file
from tests.fixtures.system import PASSWORD

pytestmark = pytest.mark.usefixtures("connected")


# Deployments.


@pytest.fixture
def clean() -> Iterator[None]:
    """Ensures that our models are the latest, before and after."""
    deploy(MODELS, nullcontext(), force=True)
    yield
    deploy(MODELS, nullcontext(), force=True)


ITEM_MODEL = (MODELS / "processes" / "item-ship-to-home.bpmn").read_bytes()
ITEM_TABLE = (MODELS / "decisions" / "item-flow.dmn").read_bytes()


@pytest.mark.usefixtures("clean")
def test_an_unrelated_model_and_an_outdated_version_are_not_foreign_versions() -> None:
    deploy_file("unrelated.bpmn", WAITING.format(key="unrelated"))
    deploy_file("item-ship-to-home.bpmn", ITEM_MODEL)
    deploy(MODELS, nullcontext(), force=True)

    assert foreign_versions(MODELS) == []


@pytest.mark.usefixtures("clean")
def test_a_designers_table_is_recognized_by_its_key() -> None:
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


# The engine itself.


def test_the_engine_has_hours_in_which_it_removes_old_history() -> None:
    hours = get("/history/cleanup/configuration")

    assert hours["enabled"]
    assert "T01:00:00" in hours["batchWindowStartTime"]
    assert "T05:00:00" in hours["batchWindowEndTime"]
    assert get("/history/cleanup/jobs")


# People, groups, queues and rights.


def test_a_queue_is_known_by_its_whole_name() -> None:
    query = {"resourceType": "Task", "query": {}, "properties": {}}
    like_it = post("/filter/create", {**query, "name": f"{QUEUES[0].name} of last year"})["id"]

    ids = {ensure_queue(queue) for queue in (*QUEUES, *QUEUES)}

    assert len(ids) == len(QUEUES)
    assert like_it not in ids
    assert "taskDefinitionKeyIn" not in get(f"/filter/{like_it}")["query"]
    session().delete(url(f"/filter/{like_it}"))


def test_a_queue_of_an_earlier_release_is_brought_up_to_date() -> None:
    [queue, *_] = QUEUES
    made, narrower = ensure_queue(queue), {"processDefinitionKeyIn": ["order-submit"]}
    known = get(f"/filter/{made}")
    session().put(url(f"/filter/{made}"), json={**known, "query": {**known["query"], **narrower}})

    assert ensure_queue(queue) == made

    assert get(f"/filter/{made}") == known


TASK = '<bpmn:userTask id="{id}"/><bpmn:sequenceFlow id="to_{id}" sourceRef="start" targetRef="{id}"/>'
PROCESS_OF_TASKS = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
 targetNamespace="queues" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<bpmn:process id="{key}" isExecutable="true" camunda:historyTimeToLive="P1D">
 <bpmn:startEvent id="start"/>{tasks}
</bpmn:process></bpmn:definitions>"""


def test_each_queue_holds_its_tasks_of_every_process_and_the_last_holds_all_others() -> None:
    ids = {queue.name: ensure_queue(queue) for queue in QUEUES}
    tasks = [*(task for queue in QUEUES for task in queue.tasks), "usertask_of_a_designer"]
    key, drawn = f"tasks-{uuid4().hex[:8]}", "".join(TASK.format(id=task) for task in tasks)
    deploy_file(f"{key}.bpmn", PROCESS_OF_TASKS.format(key=key, tasks=drawn))
    instance = post(f"/process-definition/key/{key}/start", {})["id"]

    held = {
        name: {
            task["taskDefinitionKey"] for task in get(f"/filter/{queue}/list") if task["processInstanceId"] == instance
        }
        for name, queue in ids.items()
    }

    assert held == {queue.name: set(queue.tasks) for queue in QUEUES} | {"Other tasks": {"usertask_of_a_designer"}}


def test_a_missing_person_is_created_although_others_exist() -> None:
    prepare_groups(MODELS)
    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})
    for person in DEMO_PEOPLE[1:]:
        session().delete(url(f"/user/{person.id}"))

    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})

    assert [user["id"] for person in DEMO_PEOPLE for user in get("/user", id=person.id)] == [p.id for p in DEMO_PEOPLE]


def test_a_person_of_another_group_and_a_group_of_other_people_do_not_count_as_member() -> None:
    prepare_groups(MODELS)
    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})
    carla = DEMO_PEOPLE[0]
    session().put(url(f"/group/{carla.group}/members/admin"))
    session().put(url(f"/group/{Group.STORE_OPERATOR}/members/{carla.id}"))
    session().delete(url(f"/group/{carla.group}/members/{carla.id}"))

    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})

    assert {group["id"] for group in get("/group", member=carla.id)} == {carla.group, Group.STORE_OPERATOR}
    session().delete(url(f"/group/{carla.group}/members/admin"))
    session().delete(url(f"/group/{Group.STORE_OPERATOR}/members/{carla.id}"))


def test_demo_passwords_are_tried_for_the_demos_users_only() -> None:
    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})
    bystander = {"profile": {"id": "bystander", "firstName": "", "lastName": ""}, "credentials": {"password": "demo"}}
    post("/user/create", bystander)

    refuse_demo_passwords()

    session().delete(url("/user/bystander"))


def test_a_missing_group_is_created_although_others_exist() -> None:
    prepare_groups(MODELS)
    session().delete(url(f"/group/{Group.OPERATOR}"))

    prepare_groups(MODELS)
    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})

    assert [group["id"] for group in get("/group", id=Group.OPERATOR)] == [Group.OPERATOR]
    assert get("/group", id=Group.OPERATOR, member="otto-operator")


PROCESS, DECISION = Resource.PROCESS_DEFINITION, Resource.DECISION_DEFINITION


def right(group: Group = Group.OPERATOR, resource: Resource = PROCESS, of: str = "", *more: str) -> Right:
    return Right(group, resource, of, frozenset({"READ", *more}))


def granted(of: str) -> list[tuple[Any, ...]]:
    rows = [row for row in get("/authorization") if row["resourceId"].startswith(of)]
    return sorted((r["groupId"], r["resourceType"], r["resourceId"], tuple(sorted(r["permissions"]))) for r in rows)


def test_a_right_is_identified_by_its_group_resource_type_and_resource() -> None:
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


def test_a_revocation_by_an_administrator_does_not_count_as_a_grant() -> None:
    of = f"thing-{uuid4().hex[:8]}"
    taken = {"type": 2, "permissions": ["READ"], "groupId": Group.OPERATOR, "resourceType": PROCESS, "resourceId": of}
    post("/authorization/create", taken)

    ensure(right(of=of))

    assert sorted(row["type"] for row in get("/authorization") if row["resourceId"] == of) == [1, 2]
