"""The service's own engine session, pointed at the engine of the test session."""

import os
from collections.abc import Iterator

import pytest

from deploy.local.engine import LocalEngine
from order_api.camunda.engine import session
from order_api.core.settings import settings


@pytest.fixture(scope="session")
def connected(engine: LocalEngine) -> Iterator[None]:
    given = {
        "ENGINE_URL": engine.url,
        "ENGINE_USER": engine.user,
        "ENGINE_PASSWORD": engine.password,
        "DATABASE_URL": os.environ.get("DATABASE_URL", "not used"),
        "SECRET_KEY": os.environ.get("SECRET_KEY", "not used"),
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in given.items():
            environment.setenv(name, value)
        _forget()
        yield
    _forget()


def _forget() -> None:
    settings.cache_clear()
    session.cache_clear()
