"""A return whose process is lost and started anew ends like an undisturbed one, and pays and restocks once."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from tests.factories.outcomes import lose, start_anew
from tests.factories.return_waits import (
    RETURN_STORIES,
    ReturnOutcome,
    ReturnStory,
    refunds_need_approval,
    return_outcome,
)
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

pytestmark = pytest.mark.timeout(600)
PROCESS = "order-return"


@pytest.fixture(scope="module", autouse=True)
def _refunds_need_approval(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with refunds_need_approval(shop, tmp_path_factory.mktemp("designer")):
        yield


def at_its_wait(shop: Shop, story: ReturnStory) -> tuple[Json, str]:
    order, number = story.begin(shop)
    shop.wait_for_activity(number, story.activity)
    return order, number


@pytest.fixture(scope="module")
def undisturbed(shop: Shop) -> Callable[[str], ReturnOutcome]:
    """How a story ends whose process is never lost; each runs once."""

    @cache
    def outcome_of(name: str) -> ReturnOutcome:
        story = RETURN_STORIES[name]
        order, number = at_its_wait(shop, story)
        story.act(shop, number)
        return return_outcome(shop, order, number, story.end)

    return outcome_of


@pytest.mark.parametrize("name", RETURN_STORIES)
def test_a_return_whose_process_is_lost_at_its_wait_ends_like_an_undisturbed_one(
    shop: Shop, undisturbed: Callable[[str], ReturnOutcome], name: str
) -> None:
    story = RETURN_STORIES[name]
    order, number = at_its_wait(shop, story)

    lose(shop, {"number": number}, PROCESS)
    start_anew(shop, {"number": number}, PROCESS)
    story.come_again(shop, number)
    story.act(shop, number)

    assert return_outcome(shop, order, number, story.end) == undisturbed(name)


@pytest.mark.parametrize("name", [name for name, story in RETURN_STORIES.items() if story.is_fact])
def test_a_return_whose_fact_comes_while_no_process_runs_ends_like_an_undisturbed_one(
    shop: Shop, undisturbed: Callable[[str], ReturnOutcome], name: str
) -> None:
    story = RETURN_STORIES[name]
    order, number = at_its_wait(shop, story)

    lose(shop, {"number": number}, PROCESS)
    story.act(shop, number)
    start_anew(shop, {"number": number}, PROCESS)

    assert return_outcome(shop, order, number, story.end) == undisturbed(name)


@pytest.mark.parametrize("name", ["arrived", "refused"])
def test_a_return_that_has_ended_is_started_anew_and_nothing_happens_again(shop: Shop, name: str) -> None:
    """Traps 18 and 27: stock is put back once, and each mail is sent once."""
    story = RETURN_STORIES[name]
    order, number = at_its_wait(shop, story)
    story.act(shop, number)
    before, events = return_outcome(shop, order, number, story.end), shop.history(order["id"])

    start_anew(shop, {"number": number}, PROCESS)
    asked = {"processInstanceBusinessKey": number, "processDefinitionKey": PROCESS}
    wait_until(lambda: len(shop.engine("GET", "/history/process-instance", **asked)) == 2, what="the process anew")

    assert return_outcome(shop, order, number, story.end) == before
    assert shop.history(order["id"]) == events
