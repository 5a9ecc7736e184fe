from collections.abc import Iterator

import pytest
import responses

from order_api.camunda import engine
from order_api.core.settings import settings
from tests.unit.engine_mock import ENGINE


@pytest.fixture
def calls() -> Iterator[responses.RequestsMock]:
    """The engine, as far as a test says what it answers."""
    with (
        pytest.MonkeyPatch.context() as environment,
        responses.RequestsMock(assert_all_requests_are_fired=False) as mock,
    ):
        for name, value in {"ENGINE_URL": ENGINE, "DATABASE_URL": "none"}.items():
            environment.setenv(name, value)
        for name in ("ENGINE_PASSWORD", "SECRET_KEY"):
            environment.setenv(name, "of the tests")
        settings.cache_clear()
        engine.session.cache_clear()
        yield mock
    settings.cache_clear()
    engine.session.cache_clear()
