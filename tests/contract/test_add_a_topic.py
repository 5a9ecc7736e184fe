"""docs/add_a_topic.md is true: carried out in a copy of the repository, it gives a step that works on the engine."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.fixtures.page_blocks import blocks_of, copy_of_the_repository
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import ROOT, System, wait_until

PAGE = (ROOT / "docs" / "add_a_topic.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def release(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop on the release that the page makes, still without its workers. Deploys our own models afterwards."""
    folder = tmp_path_factory.mktemp("release")
    system = System(shop.system.env, folder, sources=copy_of_the_repository(folder))
    try:
        for block in blocks_of(PAGE):
            block.carry_out(system.sources, system.env)
        system.start("api")
        yield Shop(system, shop.mailbox)
        for program in list(system.running):
            system.stop(program)
    finally:
        system.stop_all()
        shop.system.command("deploy")


@dataclass(frozen=True)
class Walk:
    """An order of a gift and a plain item: what waited before the workers started, and what happened then."""

    order_id: str
    gift: str
    plain: str
    waiting: list[Json]
    incidents: list[Json]
    history: list[Json]

    def statuses(self, item_id: str) -> list[str]:
        changes = [row for row in self.history if row["event"] == "item.status_changed"]
        return [row["after"] for row in changes if row["item_id"] == item_id]


@pytest.fixture(scope="module")
def walk(release: Shop) -> Walk:
    order = release.place({**release.line(), "attributes": {"gift": True}}, release.line("POSTER-A2"))
    waiting = wait_until(lambda: both_waiting(release, order), what="both items at the new step")
    incidents = release.incidents(order["id"])

    release.system.start("workers")
    release.deliver(release.ship(order))
    release.wait_for_status(order["id"], "completed")
    release.wait_until_ended(order["id"])
    gift, plain = (item["id"] for item in order["items"])
    return Walk(order["id"], gift, plain, waiting, incidents, release.history(order["id"]))


def both_waiting(release: Shop, order: Json) -> list[Json]:
    found = release.engine("GET", "/external-task", topicName="choose-wrapping")
    tasks = [task for task in found if task["businessKey"] == order["number"]]
    return tasks if len(tasks) == 2 else []


def test_a_release_without_the_topic_refuses_to_deploy_the_model(shop: Shop, release: Shop) -> None:
    with pytest.raises(AssertionError, match="No worker knows the topic 'choose-wrapping'"):
        shop.system.command("deploy", str(release.system.sources / "bpmn_models"))


def test_items_wait_at_the_step_without_using_up_tries_until_a_worker_knows_its_topic(walk: Walk) -> None:
    assert [(task["activityId"], task["retries"]) for task in walk.waiting] == [("task_wrapping", None)] * 2
    assert walk.incidents == []


def test_the_fact_is_in_the_history_once_for_each_item(walk: Walk) -> None:
    chosen = [row for row in walk.history if row["event"] == "item.wrapping_chosen"]

    assert {row["item_id"]: row["details"]["is_gift"] for row in chosen} == {walk.gift: True, walk.plain: False}
    assert len(chosen) == 2


def test_the_answer_steers_the_gateway(walk: Walk) -> None:
    after = ["submitted_to_fulfillment", "shipped", "delivered"]

    assert walk.statuses(walk.gift) == ["reserved", "ready_to_ship", *after]
    assert walk.statuses(walk.plain) == ["reserved", *after]


def test_the_api_is_restarted_first_because_an_older_one_cannot_read_the_new_event(shop: Shop, walk: Walk) -> None:
    answer = shop.call("GET", f"/v1/orders/{walk.order_id}/history")

    assert answer.status_code == 500


def test_the_page_documents_each_drawn_task_with_the_sentence_of_its_template(release: Shop) -> None:
    drawn = re.findall(r'camunda:topic="(.*)">\n *<bpmn:documentation>(.*)</bpmn:documentation>', PAGE)

    file = release.system.sources / "bpmn_models" / "element_templates" / "order-service.json"
    descriptions = {each["id"]: each["description"] for each in json.loads(file.read_text(encoding="utf-8"))}

    assert [topic for topic, _ in drawn] == ["choose-wrapping", "update-status"]
    assert [t for t, sentence in drawn if not descriptions[f"order-service.{t}"].startswith(f"{sentence} Sets")] == []


def test_every_file_that_the_page_names_is_there(release: Shop) -> None:
    named = set(re.findall(r"`((?:bpmn_models|docs|order_api|tests|workers)/[\w./-]+)`", PAGE))

    missing = [path for path in sorted(named) if not (release.system.sources / path).exists()]

    assert named
    assert missing == []
