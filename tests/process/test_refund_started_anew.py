"""A refund whose process is lost and started anew ends like an undisturbed one, and pays once."""

from collections.abc import Callable
from functools import cache

import pytest

from tests.factories.outcomes import lose, start_anew
from tests.factories.refund_waits import REFUND_STORIES, RefundOutcome, RefundStory, refund_outcome
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

pytestmark = pytest.mark.timeout(600)


def at_its_wait(shop: Shop, story: RefundStory) -> tuple[Json, str]:
    order, number = story.begin(shop)
    shop.wait_for_activity(number, story.activity)
    return order, number


@pytest.fixture(scope="module")
def undisturbed(shop: Shop) -> Callable[[str], RefundOutcome]:
    """How a story ends whose process is never lost; each runs once."""

    @cache
    def outcome_of(name: str) -> RefundOutcome:
        story = REFUND_STORIES[name]
        order, number = at_its_wait(shop, story)
        story.act(shop, number)
        return refund_outcome(shop, order, number, story.end)

    return outcome_of


@pytest.mark.parametrize("name", REFUND_STORIES)
def test_a_refund_whose_process_is_lost_at_its_wait_ends_like_an_undisturbed_one(
    shop: Shop, undisturbed: Callable[[str], RefundOutcome], name: str
) -> None:
    story = REFUND_STORIES[name]
    order, number = at_its_wait(shop, story)

    lose(shop, {"number": number}, story.process)
    start_anew(shop, {"number": number}, story.process)
    shop.wait_for_activity(number, story.activity)
    story.act(shop, number)

    assert refund_outcome(shop, order, number, story.end) == undisturbed(name)


@pytest.mark.parametrize("name", [name for name, story in REFUND_STORIES.items() if story.is_fact])
def test_a_refund_whose_fact_comes_while_no_process_runs_ends_like_an_undisturbed_one(
    shop: Shop, undisturbed: Callable[[str], RefundOutcome], name: str
) -> None:
    story = REFUND_STORIES[name]
    order, number = at_its_wait(shop, story)

    lose(shop, {"number": number}, story.process)
    story.act(shop, number)
    start_anew(shop, {"number": number}, story.process)

    assert refund_outcome(shop, order, number, story.end) == undisturbed(name)


@pytest.mark.parametrize("name", ["granted", "refused by a supervisor"])
def test_a_refund_that_has_ended_is_started_anew_and_nothing_happens_again(shop: Shop, name: str) -> None:
    story = REFUND_STORIES[name]
    order, number = at_its_wait(shop, story)
    story.act(shop, number)
    before, events = refund_outcome(shop, order, number, story.end), shop.history(order["id"])

    start_anew(shop, {"number": number}, story.process)
    asked = {"processInstanceBusinessKey": number, "processDefinitionKey": story.process}
    wait_until(lambda: len(shop.engine("GET", "/history/process-instance", **asked)) == 2, what="the process anew")

    assert refund_outcome(shop, order, number, story.end) == before
    assert shop.history(order["id"]) == events
