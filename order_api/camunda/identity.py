"""Creates groups, rights and queues in the engine, and the demo's people. Repeating is safe."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pycamunda.group
import pycamunda.user

from order_api.camunda.demo_people import DEMO_PEOPLE
from order_api.camunda.engine import get, post, session
from order_api.camunda.filters import QUEUES, ensure_queue
from order_api.camunda.model_files import read
from order_api.camunda.names import Group
from order_api.camunda.rights import ensure, rights
from order_api.core.settings import settings

GROUP_NAMES = {
    Group.CSR_ASSOCIATE: "Customer service",
    Group.CSR_ADMIN: "Customer service, supervisors",
    Group.STORE_OPERATOR: "Store operators",
    Group.OPERATOR: "Operators of the order service",
}


def prepare_groups(models: Path) -> None:
    """Creates the groups, their queues, and their rights in all of these models; runs in every installation."""
    for group in Group:
        _ensure_group(group)
    queue_ids = {queue.name: ensure_queue(queue) for queue in QUEUES}
    for right in rights(queue_ids, read(models)):
        ensure(right)


def create_demo_people(passwords: Mapping[str, str]) -> None:
    """`passwords` are keyed by the person's id. Existing users keep their password and their groups."""
    for person in DEMO_PEOPLE:
        if not get("/user", id=person.id):
            _send(
                pycamunda.user.Create(_url(), person.id, person.first_name, person.last_name, "", passwords[person.id])
            )
        if not get("/group", id=person.group, member=person.id):
            _send(pycamunda.group.MemberCreate(_url(), person.group, person.id))


def unlock(user: str) -> None:
    """Makes the engine forget the user's wrong passwords. An unknown name changes nothing."""
    post(f"/user/{user}/unlock")


def _ensure_group(group: Group) -> None:
    if not get("/group", id=group):
        _send(pycamunda.group.Create(_url(), group, GROUP_NAMES[group], "WORKFLOW"))


def _url() -> str:
    return settings().engine_url


def _send(request: Any) -> None:
    request.session = session()
    request()
