"""Fixtures for all tests. Each is created on first use, so unit tests start nothing."""

import os
import shutil
import tempfile

import pytest
from hypothesis import HealthCheck, settings

# A slow run on a loaded machine is no counterexample.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

pytest_plugins = [
    "tests.fixtures.platform",
    "tests.fixtures.connected",
    "tests.fixtures.service",
    "tests.fixtures.mail_servers",
    "tests.fixtures.running",
    "tests.fixtures.packages",
    "tests.fixtures.held",
    "tests.fixtures.callers",
]

TEMPORARY_ROOT = "PYTEST_DEBUG_TEMPROOT"
_made: list[str] = []


def pytest_configure() -> None:
    """Gives each run its own root for temporary folders.

    Whenever a run starts, pytest closes the root that all runs share to other users. The PostgreSQL of another run,
    which runs as another user, would then lose its data.
    """
    if TEMPORARY_ROOT not in os.environ:
        _made.append(tempfile.mkdtemp(prefix="order-service-tests-"))
        os.environ[TEMPORARY_ROOT] = _made[0]


def pytest_sessionfinish(exitstatus: int) -> None:
    """Keeps the folders of a run that failed."""
    if exitstatus != pytest.ExitCode.OK:
        _made.clear()


def pytest_unconfigure() -> None:
    for root in _made:
        shutil.rmtree(root, ignore_errors=True)
