from collections.abc import Iterator

import pytest
import responses

from order_api.camunda import engine
from order_api.core.settings import settings
from tests.unit.engine_mock import ENGINE


@pytest.fixture
def given_settings() -> Iterator[pytest.MonkeyPatch]:
    """Settings of a service without a database; a test may set more of them before they are first read."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {"ENGINE_URL": ENGINE, "DATABASE_URL": "none"}.items():
            environment.setenv(name, value)
        for name in ("ENGINE_PASSWORD", "SECRET_KEY"):
            environment.setenv(name, "of the tests")
        settings.cache_clear()
        yield environment
    settings.cache_clear()


@pytest.fixture
def calls(given_settings: pytest.MonkeyPatch) -> Iterator[responses.RequestsMock]:
    """A mocked engine with the answers that a test sets."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        engine.session.cache_clear()
        yield mock
    engine.session.cache_clear()
