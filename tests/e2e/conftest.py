"""The console in a real browser, on a real server and database, without an engine."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from order_api.core.settings import settings
from order_api.words import Role
from tests.factories.companies import PASSWORD, Company, create_company
from tests.fixtures.browser import browser as headless_browser
from tests.fixtures.browser import chromium
from tests.fixtures.service import NOWHERE, Client
from tests.fixtures.system import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="module")
def server(app: Flask) -> Iterator[str]:
    """A server that runs during the tests of a file; returns its address."""
    running = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("Chromium is not installed; `make chromium` installs it.")
    with headless_browser() as running:
        yield running


@pytest.fixture
def engine_is_down(app: Flask) -> Iterator[None]:
    """Points the service at an address without an engine, even if other tests have started one."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ENGINE_URL", NOWHERE)
        settings.cache_clear()
        yield
    settings.cache_clear()


@dataclass(frozen=True)
class Console:
    """A browser window of a member of staff, and the web shop of the same company, which keeps selling."""

    page: Page
    url: str
    company: Company
    channel: Client

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}/console{path}")

    def log_in(self, password: str = PASSWORD) -> None:
        self.page.get_by_label("User name").fill(self.company.staff[Role.CSR_ASSOCIATE])
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()

    def open_logged_in(self, path: str) -> None:
        self.open(path)
        self.log_in()
        expect(self.page.get_by_role("button", name="Log out")).to_be_visible()

    def wait_for_refresh(self) -> None:
        with self.page.expect_response(lambda answer: "seen=" in answer.url):
            pass


@pytest.fixture
def console(browser: Browser, server: str, app: Flask) -> Iterator[Console]:
    company = create_company()
    window = browser.new_context()
    page = window.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    yield Console(page, server, company, Client(app, company, company.channel_key))
    window.close()
