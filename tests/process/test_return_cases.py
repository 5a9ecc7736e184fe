"""The worked cases of returns on the real engine, through API and page: what the tables say is what goes back."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import requests

from tests.factories.engine_return_cases import CASES, ReturnOnEngine, write_rows
from tests.fixtures.designer import copy_of_our_models, deployed
from tests.fixtures.pages import sums_on
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import CALL_TIMEOUT

AT_ONCE = 4
Played = dict[str, tuple[ReturnOnEngine, Future[list[Json]]]]


@pytest.fixture(scope="module")
def played(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """All cases at once, by their ids."""
    models = copy_of_our_models(tmp_path_factory.mktemp("designer"))
    write_rows(models)
    for sku in sorted({item["sku"] for case in CASES for item in case["order"]["items"]}):
        shop.receive(sku, 100)
    with deployed(shop, models), ThreadPoolExecutor(AT_ONCE) as pool:
        stories = [ReturnOnEngine(shop, case) for case in CASES]
        yield {story.case["id"]: (story, pool.submit(story.play)) for story in stories}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_worked_case_comes_out_on_the_engine_to_the_cent(
    shop: Shop, colleague: requests.Session, played: Played, case: Json
) -> None:
    story, future = played[case["id"]]
    seen = future.result()

    for step, found in zip(case["steps"], seen, strict=True):
        expected = {name: text for name, text in step["expect"].items() if name in found}
        assert {name: found[name] for name in expected} == expected
        assert expected.keys() >= {"due", "refunded", "outstanding"}
    page = colleague.get(f"{shop.system.url}/console/orders/{story.order['id']}", timeout=CALL_TIMEOUT).text
    shown = sums_on(page)
    assert {name: shown[name] for name in ("due", "captured", "refunded", "outstanding")} == {
        name: seen[-1][name] for name in ("due", "captured", "refunded", "outstanding")
    }
