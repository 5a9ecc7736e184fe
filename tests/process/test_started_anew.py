"""A process that is lost and started anew comes to where the order stands: no status turned back, nothing done twice.

Each story runs twice: undisturbed, and with the process deleted at its wait and restarted.
"""

import pytest

from tests.factories.outcomes import Outcome, ended, lose, start_anew
from tests.factories.waits import STORIES, Story
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

pytestmark = [pytest.mark.usefixtures("idle_warehouse", "a_sku_without_flow"), pytest.mark.timeout(600)]


def undisturbed(shop: Shop, story: Story) -> Outcome:
    order = story.place(shop)
    shop.wait_for_activity(order["id"], story.activity)
    story.go_on(shop, order)
    return ended(shop, order, story.end)


def lost_at_its_wait(shop: Shop, story: Story) -> Json:
    order = story.place(shop)
    shop.wait_for_activity(order["id"], story.activity)
    lose(shop, order)
    return order


@pytest.fixture(scope="module")
def undisturbed_outcomes() -> dict[str, Outcome]:
    return {}


@pytest.mark.parametrize("name", STORIES)
def test_an_order_whose_process_is_lost_at_its_wait_ends_like_an_undisturbed_one(
    shop: Shop, undisturbed_outcomes: dict[str, Outcome], name: str
) -> None:
    story = STORIES[name]
    order = lost_at_its_wait(shop, story)

    start_anew(shop, order)
    shop.wait_for_activity(order["id"], story.activity)
    story.go_on(shop, order)

    undisturbed_outcomes[name] = undisturbed(shop, story)
    assert ended(shop, order, story.end) == undisturbed_outcomes[name]


@pytest.mark.parametrize("name", [name for name, story in STORIES.items() if story.is_fact])
def test_an_order_whose_fact_comes_while_no_process_runs_ends_like_an_undisturbed_one(
    shop: Shop, undisturbed_outcomes: dict[str, Outcome], name: str
) -> None:
    story = STORIES[name]
    order = lost_at_its_wait(shop, story)

    fact, *later = story.acts
    fact(shop, order)
    start_anew(shop, order)
    for act in later:
        act(shop, order)

    assert ended(shop, order, story.end) == (undisturbed_outcomes.get(name) or undisturbed(shop, story))


@pytest.mark.parametrize("name", ["all left", "canceled at fulfillment", "too late to recall"])
def test_an_order_that_has_come_to_its_end_is_started_anew_and_nothing_happens_again(shop: Shop, name: str) -> None:
    story = STORIES[name]
    order = story.place(shop)
    shop.wait_for_activity(order["id"], story.activity)
    story.go_on(shop, order)
    before = ended(shop, order, story.end)
    events = shop.history(order["id"])

    start_anew(shop, order)
    wait_until(lambda: runs_again(shop, order), what="the process started anew")

    assert ended(shop, order, story.end) == before
    assert shop.history(order["id"]) == events


def runs_again(shop: Shop, order: Json) -> bool:
    asked = {"processInstanceBusinessKey": order["number"], "processDefinitionKey": "order-submit"}
    return len(shop.engine("GET", "/history/process-instance", **asked)) == 2
