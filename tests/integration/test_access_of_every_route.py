"""Every registered route, of the API and of the console, against every kind of credential. A route without an entry in
a table fails the first test. Which role may call which route of the API is in test_access.py."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from order_api.access.authenticate import digest_of
from order_api.access.models import ApiKey, User
from order_api.core import clock
from order_api.core.database import transaction
from order_api.words import Role
from tests.factories.companies import STAFF, Company, create_company
from tests.factories.orders import Json
from tests.factories.refunds import paid_order
from tests.factories.returned_goods import Returns
from tests.fixtures.pages import log_in, token_in
from tests.fixtures.service import Client
from tests.integration.test_access import ROUTES, path
from tests.integration.test_tokens import signed

ADMIN, SUPERVISOR, ASSOCIATE, STORE = Role.ORDER_ADMIN, Role.CSR_ADMIN, Role.CSR_ASSOCIATE, Role.STORE_OPERATOR
EVERY_ROLE, SERVICE = set(STAFF), {ADMIN, SUPERVISOR, ASSOCIATE}
AT_THE_DOCK = {ADMIN, SUPERVISOR, STORE}
Key = tuple[str, str]
Headers = dict[str, str]

OF_ORDER, NO_ORDER = "/console/orders/<uuid:order_id>", f"/console/orders/{UUID(int=0)}"
UNKNOWN = "/console/<path:unknown>"
OPEN: dict[Key, tuple[str, int]] = {
    ("POST", "/v1/tokens"): ("/v1/tokens", 422),
    ("POST", "/v1/payment-events/<adapter>"): ("/v1/payment-events/card", 400),
    ("GET", "/healthz"): ("/healthz", 200),
    ("GET", "/readyz"): ("/readyz", 200),
    ("GET", "/metrics"): ("/metrics", 200),
    ("GET", "/"): ("/", 302),
    ("GET", "/docs"): ("/docs", 200),
    ("GET", "/docs/errors"): ("/docs/errors", 200),
    ("GET", "/docs-files/<path:name>"): ("/docs-files/swagger-ui.css", 200),
    ("GET", "/openapi.json"): ("/openapi.json", 200),
    ("GET", "/console/"): ("/console/", 302),
    ("GET", "/console/login"): ("/console/login", 200),
    ("GET", "/console/static/<path:filename>"): ("/console/static/console.css", 200),
    ("GET", f"{OF_ORDER}/note"): (f"{NO_ORDER}/note", 302),
    ("GET", f"{OF_ORDER}/refund/preview"): (f"{NO_ORDER}/refund/preview", 302),
    ("GET", f"{OF_ORDER}/return/preview"): (f"{NO_ORDER}/return/preview", 302),
    ("GET", UNKNOWN): ("/console/nothing", 404),
}
"""Routes that ask for no credential: an address, and what every caller gets there."""
PAGES: dict[Key, set[Role]] = {
    ("GET", "/console/orders"): EVERY_ROLE,
    ("GET", "/console/returns"): EVERY_ROLE,
    ("GET", "/console/receive"): AT_THE_DOCK,
    ("GET", OF_ORDER): EVERY_ROLE,
    ("GET", f"{OF_ORDER}/process"): EVERY_ROLE,
    ("GET", f"{OF_ORDER}/cancel"): SERVICE,
    ("GET", f"{OF_ORDER}/cancel-units"): SERVICE,
    ("GET", f"{OF_ORDER}/refund"): SERVICE,
    ("GET", f"{OF_ORDER}/return"): SERVICE | {STORE},
    ("GET", f"{OF_ORDER}/returns/<number>"): EVERY_ROLE,
}
ACTIONS: dict[Key, set[Role]] = {
    ("POST", f"{OF_ORDER}/cancel"): SERVICE,
    ("POST", f"{OF_ORDER}/cancel-units"): SERVICE,
    ("POST", f"{OF_ORDER}/note"): SERVICE | {STORE},
    ("POST", f"{OF_ORDER}/refund"): SERVICE,
    ("POST", f"{OF_ORDER}/refund/preview"): SERVICE,
    ("POST", f"{OF_ORDER}/return"): SERVICE | {STORE},
    ("POST", f"{OF_ORDER}/return/preview"): SERVICE | {STORE},
    ("POST", f"{OF_ORDER}/returns/<number>/receive"): AT_THE_DOCK,
    ("POST", f"{OF_ORDER}/returns/<number>/verdicts"): AT_THE_DOCK,
    ("POST", f"{OF_ORDER}/returns/<number>/cancel"): SERVICE | {STORE},
}
OTHER_FORMS: dict[Key, int] = {
    ("POST", "/console/login"): 401,
    ("POST", "/console/logout"): 302,
    **{(method, UNKNOWN): 404 for method in ("POST", "PUT", "PATCH", "DELETE")},
}
"""What every caller gets who sends the page's token and nothing else."""
OF_ONE_ORDER = [key for key in [*PAGES, *ACTIONS] if key[1].startswith(OF_ORDER)]
REFUSED = {
    "none": "credential_missing",
    "cookie of the console": "credential_missing",
    "nonsense": "credential_invalid",
    "unknown key": "credential_invalid",
    "revoked key": "credential_invalid",
    "expired token": "credential_invalid",
    "token of a disabled user": "credential_invalid",
}
"""Credentials that open nothing of the API."""
NOT_LOGGED_IN = ("none", "nonsense", "expired token", "cookie of a disabled user", "key", "token", "forged cookie")
"""Credentials that open no page of the console."""


@pytest.fixture(scope="module")
def addresses(app: Flask, company: Company) -> dict[Key, str]:
    """Those of one order that has a return."""
    returns = Returns(paid_order(Client(app, company, company.channel_key)))
    number, ids = returns.announce(_1=1), {"order_id": str(returns.money.id), "receipt_id": str(uuid4())}
    ids |= {"item_id": str(uuid4()), "shipment_id": str(uuid4())}
    keys = [*ROUTES, *PAGES, *ACTIONS, *OTHER_FORMS]
    filled = {key: path(key[1], ids).replace("<number>", number).replace("<path:unknown>", "nothing") for key in keys}
    return filled | {key: address for key, (address, _) in OPEN.items()}


@dataclass(frozen=True)
class Browser:
    """A log-in to the console, and the token of its pages."""

    headers: Headers
    csrf_token: str


def browser_of(app: Flask, username: str) -> Browser:
    client = app.test_client()
    log_in(client, username)
    token, cookie = token_in(client.get("/console/orders").text), client.get_cookie("session")
    assert cookie is not None
    return Browser({"Cookie": f"session={cookie.value}"}, token)


@pytest.fixture(scope="module")
def browsers(app: Flask, company: Company) -> dict[Role, Browser]:
    return {role: browser_of(app, username) for role, username in company.staff.items()}


@pytest.fixture(scope="module")
def credentials(app: Flask, company: Company, browsers: dict[Role, Browser]) -> dict[str, Headers]:
    """The headers of every kind. A company of its own has the disabled user and the revoked key."""
    gone, now = create_company(), clock.now()
    past = {"iat": now - timedelta(hours=9), "exp": now - timedelta(hours=1)}
    valid = {"iat": now, "exp": now + timedelta(hours=1)}
    cookie_of_gone = browser_of(app, gone.staff[ADMIN]).headers
    with transaction() as session:
        session.execute(update(User).where(User.username == gone.staff[ADMIN]).values(disabled_at=now))
        of_key = update(ApiKey).where(ApiKey.digest == digest_of(gone.channel_key))
        session.execute(of_key.values(revoked_at=now))
    bearers = {
        "nonsense": "nonsense",
        "unknown key": f"osk_{uuid4().hex}",
        "revoked key": gone.channel_key,
        "expired token": signed(sub=company.staff[ADMIN], **past),
        "token of a disabled user": signed(sub=gone.staff[ADMIN], **valid),
        "key": company.channel_key,
        "token": signed(sub=company.staff[ADMIN], **valid),
    }
    cookies = {
        "none": {},
        "cookie of the console": browsers[ADMIN].headers,
        "cookie of a disabled user": cookie_of_gone,
        "forged cookie": {"Cookie": f"{browsers[ADMIN].headers['Cookie'][:-4]}AAAA"},
    }
    return cookies | {kind: {"Authorization": f"Bearer {bearer}"} for kind, bearer in bearers.items()}


def answer(app: Flask, method: str, address: str, headers: Headers, **more: Any) -> TestResponse:
    return app.test_client(use_cookies=False).open(address, method=method, headers=headers, **more)


def form_of(browser: Browser) -> Headers:
    """All that is hidden in a form, and nothing that a person types."""
    return {"csrf_token": browser.csrf_token, "key": uuid4().hex, "version": "0"}


def test_every_registered_route_has_one_entry(app: Flask) -> None:
    registered = {(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods or ()}

    entries = Counter([*ROUTES, *OPEN, *PAGES, *ACTIONS, *OTHER_FORMS])

    assert entries == Counter(key for key in registered if key[0] not in ("HEAD", "OPTIONS"))


@pytest.mark.parametrize("key", ROUTES, ids=" ".join)
def test_a_credential_that_is_not_valid_opens_no_route_of_the_api(
    app: Flask, addresses: dict[Key, str], credentials: dict[str, Headers], key: Key
) -> None:
    body = ROUTES[key].body

    answers = {kind: answer(app, key[0], addresses[key], credentials[kind], json=body) for kind in REFUSED}

    seen = {kind: (given.status_code, given.get_json()["code"]) for kind, given in answers.items()}
    assert seen == {kind: (401, code) for kind, code in REFUSED.items()}


@pytest.mark.parametrize("key", OPEN, ids=" ".join)
def test_an_open_route_answers_every_credential_alike(
    app: Flask, addresses: dict[Key, str], credentials: dict[str, Headers], key: Key
) -> None:
    body: Json | None = {} if key[0] == "POST" else None

    seen = {
        kind: answer(app, key[0], addresses[key], headers, json=body).status_code
        for kind, headers in credentials.items()
    }

    assert seen == dict.fromkeys(credentials, OPEN[key][1])


@pytest.mark.parametrize("key", PAGES, ids=" ".join)
def test_a_page_leads_to_the_log_in_unless_a_member_of_staff_is_logged_in(
    app: Flask, addresses: dict[Key, str], credentials: dict[str, Headers], key: Key
) -> None:
    answers = {kind: answer(app, key[0], addresses[key], credentials[kind]) for kind in NOT_LOGGED_IN}

    seen = {kind: (given.status_code, given.headers.get("Location")) for kind, given in answers.items()}
    assert seen == dict.fromkeys(NOT_LOGGED_IN, (302, f"/console/login?next={addresses[key]}"))


@pytest.mark.parametrize("key", [*ACTIONS, *OTHER_FORMS], ids=" ".join)
def test_a_form_without_its_token_is_refused_for_every_credential(
    app: Flask, addresses: dict[Key, str], credentials: dict[str, Headers], key: Key
) -> None:
    seen = {kind: answer(app, key[0], addresses[key], headers).status_code for kind, headers in credentials.items()}

    assert seen == dict.fromkeys(credentials, 400)


@pytest.mark.parametrize("key", PAGES, ids=" ".join)
def test_a_page_opens_for_the_roles_of_the_table_and_no_other(
    app: Flask, addresses: dict[Key, str], browsers: dict[Role, Browser], key: Key
) -> None:
    seen = {
        role: answer(app, key[0], addresses[key], browser.headers).status_code for role, browser in browsers.items()
    }

    assert seen == {role: 200 if role in PAGES[key] else 403 for role in STAFF}


@pytest.mark.parametrize("key", ACTIONS, ids=" ".join)
def test_an_action_is_refused_to_every_role_that_the_table_does_not_name(
    app: Flask, addresses: dict[Key, str], browsers: dict[Role, Browser], key: Key
) -> None:
    """Others get as far as their form, which is empty."""
    seen = {
        role: answer(app, key[0], addresses[key], browser.headers, data=form_of(browser)).status_code
        for role, browser in browsers.items()
    }

    is_preview = key[1].endswith("/preview")
    assert seen == {role: (200 if is_preview else 422) if role in ACTIONS[key] else 403 for role in STAFF}


@pytest.mark.parametrize("key", OF_ONE_ORDER, ids=" ".join)
def test_a_page_of_an_order_of_another_collection_is_not_found(
    app: Flask, addresses: dict[Key, str], stranger_at_console: Browser, key: Key
) -> None:
    form = form_of(stranger_at_console) if key[0] == "POST" else None

    given = answer(app, key[0], addresses[key], stranger_at_console.headers, data=form)

    assert (given.status_code, given.mimetype) == (404, "text/html")


@pytest.fixture(scope="module")
def stranger_at_console(app: Flask, other_company: Company) -> Browser:
    """The browser of an administrator of another company."""
    return browser_of(app, other_company.staff[ADMIN])


@pytest.mark.parametrize("key", OTHER_FORMS, ids=" ".join)
def test_the_token_of_the_page_is_enough_for_a_form_that_is_for_everyone(
    app: Flask, addresses: dict[Key, str], company: Company, key: Key
) -> None:
    browser = browser_of(app, company.staff[Role.AUDITOR])

    given = answer(app, key[0], addresses[key], browser.headers, data={"csrf_token": browser.csrf_token})

    assert given.status_code == OTHER_FORMS[key]


def test_asking_for_the_head_opens_no_more_than_asking_for_the_whole(app: Flask, addresses: dict[Key, str]) -> None:
    read = {key: address for key, address in addresses.items() if key[0] == "GET"}

    heads = {key: answer(app, "HEAD", address, {}).status_code for key, address in read.items()}

    assert heads == {key: answer(app, "GET", address, {}).status_code for key, address in read.items()}


def test_asking_for_the_methods_of_a_route_tells_nothing_else(app: Flask, addresses: dict[Key, str]) -> None:
    answers = {address: answer(app, "OPTIONS", address, {}) for address in addresses.values()}

    assert {(given.status_code, given.data) for given in answers.values()} == {(200, b"")}
