"""Fixtures for all tests; each is made when a test first asks for it, so that unit tests start nothing."""

from hypothesis import HealthCheck, settings

# A machine under load is slow, and that is no counterexample.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

pytest_plugins = [
    "tests.fixtures.platform",
    "tests.fixtures.connected",
    "tests.fixtures.service",
    "tests.fixtures.mail_servers",
    "tests.fixtures.running",
    "tests.fixtures.packages",
]
