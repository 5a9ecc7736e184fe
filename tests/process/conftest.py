"""Shared fixtures of the flow tests; moves the test that checks all others to the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.factories.waits import SKU_WITHOUT_FLOW
from tests.fixtures.designer import ITEM_FLOW, change, copy_of_our_models, deployed
from tests.fixtures.engines import IS_PLAIN
from tests.fixtures.pages import token_in
from tests.fixtures.shop import Shop
from tests.fixtures.system import CALL_TIMEOUT, PASSWORD


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "looks_back: runs after every other test")
    config.addinivalue_line("markers", "ours_only: about what our engine adds to Camunda")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if IS_PLAIN:
        of_ours = [item for item in items if item.get_closest_marker("ours_only")]
        config.hook.pytest_deselected(items=of_ours)
        items[:] = [item for item in items if item not in of_ours]
    items.sort(key=lambda item: item.get_closest_marker("looks_back") is not None)


@pytest.fixture
def whole_layer(request: pytest.FixtureRequest) -> None:
    """Skips a test that is meaningful only after all tests of this folder."""
    chosen = {item.path for item in request.session.items}
    missing = {file.name for file in Path(__file__).parent.glob("test_*.py") if file not in chosen}
    if missing or request.config.getoption("keyword"):
        pytest.skip("Only some tests of this folder were chosen.")


@pytest.fixture
def idle_warehouse(shop: Shop) -> Iterator[None]:
    """Stops the warehouse, so departures are not reported."""
    shop.system.stop("warehouse")
    yield
    shop.system.start("warehouse")


@pytest.fixture(scope="module")
def a_sku_without_flow(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Deploys a table whose row for shipping to a home excludes one sku, so that the last row answers for it."""
    models = copy_of_our_models(tmp_path_factory.mktemp("designer"))
    row = '<inputEntry id="ship_to_home_sku">\n          <text>{}</text>'
    change(models, ITEM_FLOW, (row.format(""), row.format(f'not("{SKU_WITHOUT_FLOW}")')))
    shop.receive(SKU_WITHOUT_FLOW, 100)
    with deployed(shop, models):
        yield


@pytest.fixture(scope="module")
def colleague(shop: Shop) -> requests.Session:
    """A member of staff, logged in to the console."""
    browser = requests.Session()
    address = f"{shop.system.url}/console/login"
    token = token_in(browser.get(address, timeout=CALL_TIMEOUT).text)
    form = {"username": "carla-csr", "password": PASSWORD, "csrf_token": token}
    assert browser.post(address, data=form, timeout=CALL_TIMEOUT).ok
    return browser
