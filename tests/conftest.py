"""Fixtures for all tests; each is made when a test first asks for it, so that unit tests start nothing."""

pytest_plugins = [
    "tests.fixtures.platform",
    "tests.fixtures.connected",
    "tests.fixtures.service",
    "tests.fixtures.running",
]
