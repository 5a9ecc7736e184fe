"""Permissions: every route against every role. A route missing from the table below fails the first test."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from flask import Flask

from order_api.words import Role
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.companies import PASSWORD, Company, create_api_key
from tests.factories.orders import Json, order_body
from tests.factories.refunds import ONE_BROKEN
from tests.fixtures.service import Client

ADMIN, SUPERVISOR, ASSOCIATE, STORE = Role.ORDER_ADMIN, Role.CSR_ADMIN, Role.CSR_ASSOCIATE, Role.STORE_OPERATOR
AUDITOR, CHANNEL, WAREHOUSE = Role.AUDITOR, Role.CHANNEL, Role.WAREHOUSE
SERVICE = {ADMIN, SUPERVISOR, ASSOCIATE, CHANNEL}
GOODS = {ADMIN, STORE, WAREHOUSE}
UNKNOWN_ID = str(uuid4())
LINES = [{"line_id": "1", "quantity": 1}]
BACK = [{"line_id": "1", "units": [1], "reason": "changed_mind"}]


@dataclass(frozen=True)
class Route:
    """`body` is well-formed, so only permissions can refuse it."""

    roles: set[Role]
    body: Json | None = None


ROUTES = {
    ("POST", "/v1/orders"): Route(SERVICE, order_body()),
    ("GET", "/v1/orders"): Route(set(Role)),
    ("GET", "/v1/orders/<uuid:order_id>"): Route(set(Role)),
    ("GET", "/v1/orders/<uuid:order_id>/history"): Route(set(Role)),
    ("POST", "/v1/orders/<uuid:order_id>/notes"): Route(SERVICE | {STORE}, {"text": "hello"}),
    ("POST", "/v1/orders/<uuid:order_id>/cancellations"): Route(SERVICE, {"reason": "none"}),
    ("POST", "/v1/orders/<uuid:order_id>/cancellations/preview"): Route(SERVICE, {}),
    ("POST", "/v1/orders/<uuid:order_id>/payments"): Route(SERVICE, {"type": "card", "token": "tok_approve"}),
    ("GET", "/v1/orders/<uuid:order_id>/options"): Route(set(Role)),
    ("GET", "/v1/owed"): Route(set(Role)),
    ("POST", "/v1/orders/<uuid:order_id>/refunds/preview"): Route(SERVICE, ONE_BROKEN),
    ("POST", "/v1/orders/<uuid:order_id>/refunds"): Route(SERVICE, {**ONE_BROKEN, "reason": "other", "digest": "0"}),
    ("GET", "/v1/refunds"): Route(set(Role)),
    ("GET", "/v1/refunds/<number>"): Route(set(Role)),
    ("POST", "/v1/refunds/<number>/cancel"): Route(SERVICE, {"reason": "Found it."}),
    ("POST", "/v1/refunds/<number>/bookings"): Route({ADMIN, SUPERVISOR}, {"reference": "BANK-1"}),
    ("POST", "/v1/orders/<uuid:order_id>/returns/preview"): Route(SERVICE | {STORE}, {"items": BACK}),
    ("POST", "/v1/orders/<uuid:order_id>/returns"): Route(SERVICE | {STORE}, {"items": BACK}),
    ("GET", "/v1/returns"): Route(set(Role)),
    ("GET", "/v1/returns/<number>"): Route(set(Role)),
    ("POST", "/v1/returns/<number>/cancel"): Route(SERVICE | {STORE}, {"reason": "Keeps it."}),
    ("POST", "/v1/returns/<number>/receipts"): Route(GOODS | {SUPERVISOR}, {"reference": "DOCK-1", "items": LINES}),
    ("POST", "/v1/returns/<number>/receipts/<uuid:receipt_id>/verdicts"): Route(
        GOODS | {SUPERVISOR}, {"verdicts": [{**LINES[0], "verdict": "scrap"}]}
    ),
    ("POST", "/v1/returns/<number>/scans"): Route(
        {ADMIN, CHANNEL, WAREHOUSE}, {"reference": "DHL-1", "at": "2026-11-30T10:00:00Z"}
    ),
    ("POST", "/v1/orders/<uuid:order_id>/shipments"): Route(
        GOODS, {"carrier": "dhl", "tracking_number": "1", "lines": LINES}
    ),
    ("POST", "/v1/shipments/<uuid:shipment_id>/deliveries"): Route(GOODS, {}),
    ("POST", "/v1/items/<uuid:item_id>/unable-to-ship"): Route(GOODS, {"reason": "lost"}),
    ("POST", "/v1/inventory/receipts"): Route(GOODS, {"reference": "access", "sku": "access", "quantity": 1}),
}
PUBLIC = {
    "/v1/tokens",
    "/v1/payment-events/<adapter>",
    "/healthz",
    "/readyz",
    "/metrics",
    "/",
    "/docs",
    "/docs/errors",
    "/docs-files/<path:name>",
    "/openapi.json",
}
OF_ONE_ORDER = [key for key in ROUTES if "<uuid" in key[1] and "<number>" not in key[1]]
WRITES_OF_ONE_ORDER = [key for key in OF_ONE_ORDER if key[0] != "GET"]
EVERY_PAIR = [(method, rule, role) for method, rule in ROUTES for role in Role]


@pytest.fixture(scope="module")
def credentials(app: Flask, company: Company) -> dict[Role, str]:
    tokens = {role: token(app, company, username) for role, username in company.staff.items()}
    return {**tokens, CHANNEL: company.channel_key, WAREHOUSE: company.warehouse_key}


def token(app: Flask, company: Company, username: str, password: str = PASSWORD) -> str:
    answer = Client(app, company, None).post("/v1/tokens", {"username": username, "password": password})
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["access_token"])


@pytest.fixture(scope="module")
def ids(app: Flask, company: Company) -> dict[str, str]:
    """A real order of the company with a shipped unit, so no route answers "not found" for lack of an object."""
    order = hand_to_fulfillment(Client(app, company, company.channel_key).place())
    parcel = {"carrier": "c", "tracking_number": "t", "lines": LINES}
    shipment = (
        Client(app, company, company.warehouse_key).post(f"/v1/orders/{order['id']}/shipments", parcel).get_json()
    )
    ids = {"order_id": order["id"], "item_id": order["items"][0]["id"], "shipment_id": shipment["id"]}
    return ids | {"receipt_id": UNKNOWN_ID}


def path(rule: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        rule = rule.replace(f"<uuid:{name}>", value)
    return rule


def test_every_route_of_the_service_says_who_may_use_it(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/console")]
    guarded = {(method, r.rule) for r in rules if r.rule not in PUBLIC for method in r.methods or ()}

    assert {key for key in guarded if key[0] not in ("HEAD", "OPTIONS")} == set(ROUTES)


@pytest.mark.parametrize(("method", "rule"), ROUTES)
def test_without_a_credential_the_answer_is_401(
    app: Flask, company: Company, ids: dict[str, str], method: str, rule: str
) -> None:
    answer = Client(app, company, None).call(method, path(rule, ids), ROUTES[method, rule].body)

    assert (answer.status_code, answer.get_json()["code"]) == (401, "credential_missing")


@pytest.mark.parametrize(("method", "rule", "role"), EVERY_PAIR)
def test_a_role_may_do_what_the_table_says_and_nothing_else(
    app: Flask, company: Company, credentials: dict[Role, str], ids: dict[str, str], method: str, rule: str, role: Role
) -> None:
    client = Client(app, company, credentials[role])

    answer = client.call(method, path(rule, ids), ROUTES[method, rule].body)

    is_refused = answer.status_code in (401, 403)
    assert is_refused is (role not in ROUTES[method, rule].roles), answer.text


def test_a_refusal_names_the_permission_that_is_missing(
    app: Flask, company: Company, credentials: dict[Role, str]
) -> None:
    answer = Client(app, company, credentials[AUDITOR]).post("/v1/orders", order_body())

    assert (answer.status_code, answer.get_json()["code"]) == (403, "permission_missing")
    assert "place_orders" in answer.get_json()["detail"]


@pytest.mark.parametrize(("method", "rule"), OF_ONE_ORDER)
@pytest.mark.parametrize("who", ["channel", "warehouse", "admin"])
def test_an_order_of_another_collection_is_not_found(
    app: Flask, other_company: Company, ids: dict[str, str], method: str, rule: str, who: str
) -> None:
    admin = token(app, other_company, other_company.staff[ADMIN])
    credential = {"channel": other_company.channel_key, "warehouse": other_company.warehouse_key, "admin": admin}[who]

    answer = Client(app, other_company, credential).call(method, path(rule, ids), ROUTES[method, rule].body)

    may = {"channel": CHANNEL, "warehouse": WAREHOUSE, "admin": ADMIN}[who] in ROUTES[method, rule].roles
    assert answer.status_code == (404 if may else 403)


@pytest.mark.parametrize(("method", "rule"), [key for key in OF_ONE_ORDER if CHANNEL in ROUTES[key].roles])
def test_an_order_of_another_channel_of_the_collection_is_not_found(
    app: Flask, company: Company, ids: dict[str, str], method: str, rule: str
) -> None:
    shop_floor = Client(app, company, create_api_key(company.id, CHANNEL, "pos"))

    answer = shop_floor.call(method, path(rule, ids), ROUTES[method, rule].body)

    assert (answer.status_code, answer.get_json()["code"]) == (404, "order_not_found")


def test_a_channel_lists_its_own_orders_and_a_warehouse_those_of_its_collection(
    app: Flask, channel: Client, warehouse: Client
) -> None:
    shop_floor = Client(app, channel.company, create_api_key(channel.company.id, CHANNEL, "pos"))
    orders = [channel.place(), shop_floor.place(channel="pos")]

    def seen_by(client: Client) -> list[bool]:
        answers = [client.get("/v1/orders", number=order["number"]).get_json() for order in orders]
        return [len(answer["orders"]) == 1 for answer in answers]

    assert [seen_by(client) for client in (channel, shop_floor, warehouse)] == [
        [True, False],
        [False, True],
        [True, True],
    ]


@pytest.mark.parametrize(("method", "rule"), OF_ONE_ORDER)
def test_a_missing_object_gets_the_same_answer_as_one_of_another_collection(
    app: Flask,
    company: Company,
    other_company: Company,
    credentials: dict[Role, str],
    ids: dict[str, str],
    method: str,
    rule: str,
) -> None:
    body = ROUTES[method, rule].body
    stranger = Client(app, other_company, token(app, other_company, other_company.staff[ADMIN]))
    nowhere = dict.fromkeys(ids, UNKNOWN_ID)

    foreign = stranger.call(method, path(rule, ids), body).get_json()
    missing = stranger.call(method, path(rule, nowhere), body).get_json()

    assert [foreign[name] for name in ("status", "code", "title")] == [
        missing[name] for name in ("status", "code", "title")
    ]


@pytest.mark.parametrize(("method", "rule"), WRITES_OF_ONE_ORDER)
def test_a_write_that_names_an_old_version_is_refused(
    app: Flask, company: Company, credentials: dict[Role, str], ids: dict[str, str], method: str, rule: str
) -> None:
    client, body = Client(app, company, credentials[ADMIN]), ROUTES[method, rule].body

    answer = client.call(method, path(rule, ids), body, headers={"If-Match": '"0"'})

    assert (answer.status_code, answer.get_json()["code"]) == (412, "order_version_outdated")


def test_exactly_the_writes_to_one_order_document_the_header_if_match(channel: Client) -> None:
    paths = channel.get("/openapi.json").get_json()["paths"]
    operations = {(method.upper(), path): operation for path, of in paths.items() for method, operation in of.items()}
    declared = {key for key, operation in operations.items() if "'name': 'If-Match'" in str(operation)}

    assert declared == {(method, as_documented(rule)) for method, rule in WRITES_OF_ONE_ORDER}


def as_documented(rule: str) -> str:
    return rule.replace("<uuid:", "{").replace(">", "}")


@pytest.mark.parametrize(("method", "rule"), ROUTES)
def test_an_unknown_query_parameter_is_refused_by_name(
    app: Flask, company: Company, credentials: dict[Role, str], ids: dict[str, str], method: str, rule: str
) -> None:
    client, body = Client(app, company, credentials[ADMIN]), ROUTES[method, rule].body

    answer = client.call(method, path(rule, ids), body, query_string={"expand": "all"})

    assert (answer.status_code, [error["field"] for error in answer.get_json()["errors"]]) == (422, ["expand"])


def test_a_list_shows_no_order_of_another_collection(channel: Client, stranger: Client) -> None:
    order = channel.place()

    assert stranger.get("/v1/orders", number=order["number"]).get_json()["orders"] == []


# Tokens and keys.


def credential_answer(app: Flask, company: Company, authorization: str) -> tuple[int, str]:
    answer = Client(app, company, None).call("GET", "/v1/orders", headers={"Authorization": authorization})
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    return answer.status_code, answer.get_json()["code"]


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("", "credential_missing"),
        ("Bearer", "credential_missing"),
        ("Bearer   ", "credential_missing"),
        ("Basic YTpi", "credential_missing"),
        ("Bearer osk_unknown", "credential_invalid"),
        ("Bearer nonsense", "credential_invalid"),
        ("Bearer é", "credential_invalid"),
        ("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZXhwIjo5OTk5OTk5OTk5fQ.", "credential_invalid"),
    ],
)
def test_a_missing_or_invalid_credential_is_refused(
    app: Flask, company: Company, authorization: str, code: str
) -> None:
    assert credential_answer(app, company, authorization) == (401, code)
