"""Fixtures for all tests. Each is created on first use, so unit tests start nothing."""

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
