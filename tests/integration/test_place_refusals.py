"""Refusals of an order: each names its code, the field, the sent and the expected value."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from order_api.core.database import transaction
from order_api.stores.models import OrderCollection
from tests.factories.companies import create_company
from tests.factories.orders import Json, charge, line, order_body, ship_group, tax
from tests.fixtures.service import Client, refusal


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        (
            {"items": [line("10.00", 1, tax("0.81"))]},
            {"field": "items.0.taxes.0.amount", "code": "tax_differs", "sent": "0.81", "expected": "0.80"},
        ),
        (
            {"tenders": [{"type": "invoice", "amount": "9.00"}]},
            {"field": "tenders", "code": "tenders_differ", "sent": "9.00", "expected": "10.00"},
        ),
        (
            {"charges": [charge("1.00"), charge("1.00")]},
            {"field": "charges.1.type", "code": "duplicate_charge_type", "sent": "shipping"},
        ),
        (
            {"charges": [charge("0.001")], "tenders": []},
            {"field": "charges.0.amount", "code": "too_many_decimals", "sent": "0.001"},
        ),
    ],
)
def test_an_order_that_does_not_add_up_is_refused_with_the_difference(
    channel: Client, changes: Json, difference: Json
) -> None:
    problem = refusal(channel.post("/v1/orders", channel.body(**changes)))

    assert (problem["status"], problem["code"]) == (422, "order_does_not_add_up")
    assert difference.items() <= problem["errors"][0].items()


@pytest.mark.parametrize("fulfillment_type", ["ship_to_store", "store_pickup", "digital"])
def test_a_fulfillment_type_without_a_flow_is_not_offered(channel: Client, fulfillment_type: str) -> None:
    group = ship_group(fulfillment_type=fulfillment_type, store="main-street")

    problem = refusal(channel.post("/v1/orders", channel.body(ship_groups=[group])))

    assert (problem["status"], problem["code"]) == (422, "fulfillment_type_not_offered")
    field = "ship_groups.0.fulfillment_type"
    assert problem["errors"] == [{"field": field, "sent": fulfillment_type, "expected": ["ship_to_home"]}]


@pytest.mark.parametrize("tender_type", ["gift_card", "store_credit"])
def test_a_tender_without_an_adapter_is_not_offered(channel: Client, tender_type: str) -> None:
    tenders = [{"type": "invoice", "amount": "6.00"}, {"type": tender_type, "amount": "4.00"}]

    problem = refusal(channel.post("/v1/orders", channel.body(tenders=tenders)))

    assert (problem["status"], problem["code"]) == (422, "tender_not_offered")
    assert problem["errors"] == [{"field": "tenders.1.type", "sent": tender_type, "expected": ["card", "invoice"]}]


def test_an_order_is_refused_when_the_database_holds_an_invalid_property(app: Flask) -> None:
    company = create_company()
    with transaction() as session:
        of_company = update(OrderCollection).where(OrderCollection.id == company.id)
        session.execute(of_company.values(stored_properties={"order_number_length": "14"}))
    shop = Client(app, company, company.channel_key)

    problem = refusal(shop.post("/v1/orders", shop.body()))

    assert (problem["status"], problem["code"]) == (422, "collection_property_invalid")


def test_a_collection_may_offer_less(app: Flask) -> None:
    company = create_company(tender_types=["card"])
    shop = Client(app, company, company.channel_key)

    problem = refusal(shop.post("/v1/orders", shop.body(tenders=[{"type": "invoice", "amount": "10.00"}])))

    assert problem["code"] == "tender_not_offered"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"currency": "XAU"}, "currency", "unknown_currency"),
        ({"currency": "ZZZ"}, "currency", "unknown_currency"),
        ({"items": [line(), line()]}, "items.0.line_id", "repeated_line_id"),
        ({"ship_groups": [ship_group(), ship_group()]}, "ship_groups.0.id", "repeated_id"),
        ({"items": [line(ship_group="office")]}, "items.0.ship_group", "unknown_ship_group"),
        (
            {"ship_groups": [ship_group(), ship_group(id="office", charges=[charge("5.00")])]},
            "ship_groups.1.id",
            "ship_group_without_items",
        ),
        (
            {"ship_groups": [{"id": "home", "fulfillment_type": "ship_to_home"}]},
            "ship_groups.0.address",
            "address_missing",
        ),
    ],
)
def test_an_order_that_contradicts_itself_is_refused_by_field(
    channel: Client, changes: Json, field: str, code: str
) -> None:
    problem = refusal(channel.post("/v1/orders", channel.body(**changes)))

    assert (problem["status"], problem["code"]) == (422, "order_content_invalid")
    assert (problem["errors"][0]["field"], problem["errors"][0]["code"]) == (field, code)


def test_the_same_sku_may_stand_twice(channel: Client) -> None:
    order = channel.place(line(sku="SHIRT"), line(sku="SHIRT", line_id="2"))

    assert [item["sku"] for item in order["items"]] == ["SHIRT", "SHIRT"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"custmer": {}}, "custmer"),
        ({"items": [line(colour="blue")]}, "items.0.colour"),
        ({"items": [line("10.00", 1, {**tax("0.80"), "zone": "KY"})]}, "items.0.taxes.0.zone"),
        ({"customer": {"type": "guest", "mail": "ada@example.com"}}, "customer.mail"),
    ],
)
def test_an_unknown_field_is_refused_by_its_path(channel: Client, changes: Json, field: str) -> None:
    problem = refusal(channel.post("/v1/orders", channel.body(**changes)))

    assert (problem["status"], problem["code"]) == (422, "invalid_content")
    assert problem["errors"] == [{"field": field, "code": "invalid", "message": "Unknown field."}]


TOTALS = {"items": "10.00", "discounts": "0.00", "charges": "0.00", "taxes": "0.00", "grand_total": "10.00"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"external_id": 17}, "external_id"),
        ({"external_id": ""}, "external_id"),
        ({"external_id": None}, "external_id"),
        ({"channel": "television"}, "channel"),
        ({"currency": "usd"}, "currency"),
        ({"currency": "USD\n"}, "currency"),
        ({"tax_included": "no"}, "tax_included"),
        ({"tax_included": 1}, "tax_included"),
        ({"customer": {"type": "registered"}}, "customer.id"),
        ({"customer": {"type": "guest", "email": "not an address"}}, "customer.email"),
        ({"ship_groups": []}, "ship_groups"),
        ({"items": []}, "items"),
        ({"items": [line(quantity=0)]}, "items.0.quantity"),
        ({"items": [line(quantity="1")]}, "items.0.quantity"),
        ({"items": [line(quantity=1.5)]}, "items.0.quantity"),
        ({"items": [line(quantity=True)]}, "items.0.quantity"),
        ({"items": [line(unit_price=10.0)]}, "items.0.unit_price"),
        ({"items": [line(unit_price="-1.00")]}, "items.0.unit_price"),
        ({"items": [line(unit_price="1e3")]}, "items.0.unit_price"),
        ({"items": [line(unit_price="NaN")]}, "items.0.unit_price"),
        ({"items": [line(unit_price="1.00\n")]}, "items.0.unit_price"),
        ({"items": [line(unit_price="١٠")]}, "items.0.unit_price"),
        ({"items": [{key: value for key, value in line().items() if key != "taxes"}]}, "items.0.taxes"),
        ({"items": [line("10.00", 1, tax("0.80", "8%"))]}, "items.0.taxes.0.rate"),
        ({"charges": [charge("1.00", "Gift Wrap")]}, "charges.0.type"),
        ({"charges": [charge("1.00", "gift\n")]}, "charges.0.type"),
        ({"discounts": [{"code": "X"}]}, "discounts.0.amount"),
        ({"tenders": [{"type": "card", "amount": "10.00"}]}, "tenders.0.token"),
        (
            {"ship_groups": [ship_group(address={"line1": "1 Row", "city": "H", "country": "usa"})]},
            "ship_groups.0.address.country",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_its_path(channel: Client, changes: Json, field: str) -> None:
    body = channel.body(**{"totals": TOTALS, **changes})

    problem = refusal(channel.post("/v1/orders", body))

    assert (problem["status"], problem["code"]) == (422, "invalid_content")
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize(
    "field", ["collection", "external_id", "customer", "ship_groups", "items", "tenders", "totals"]
)
def test_a_missing_field_is_named(channel: Client, field: str) -> None:
    body = channel.body()
    del body[field]

    problem = refusal(channel.post("/v1/orders", body))

    assert problem["errors"] == [{"field": field, "code": "invalid", "message": "Missing data for required field."}]


def test_more_than_500_lines_are_refused(channel: Client) -> None:
    lines = [line("1.00", line_id=str(number)) for number in range(501)]

    problem = refusal(channel.post("/v1/orders", channel.body(*lines)))

    assert (problem["status"], problem["errors"][0]["field"]) == (422, "items")


def test_500_lines_are_taken(channel: Client) -> None:
    lines = [line("1.00", line_id=str(number)) for number in range(500)]

    order = channel.place(*lines)

    assert len(order["items"]) == 500


def test_more_than_a_megabyte_is_refused(channel: Client) -> None:
    problem = refusal(channel.post("/v1/orders", channel.body(note="x" * 1_000_001)))

    assert (problem["status"], problem["code"]) == (413, "request_too_large")


def test_a_channel_places_orders_of_its_own_channel_only(channel: Client) -> None:
    problem = refusal(channel.post("/v1/orders", channel.body(channel="pos")))

    assert (problem["status"], problem["code"]) == (422, "channel_not_allowed")


def test_a_store_the_collection_does_not_have_is_refused(channel: Client) -> None:
    groups = [ship_group(store="side-street")]

    problem = refusal(channel.post("/v1/orders", channel.body(store="side-street", ship_groups=groups)))

    assert (problem["status"], problem["code"]) == (422, "store_not_found")
    assert [error["field"] for error in problem["errors"]] == ["store", "ship_groups.0.store"]


@pytest.mark.parametrize("key", [" 1", "1 ", "\u00a01", "1\u2003"])
@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("external_id", lambda body, key: body.update(external_id=key)),
        ("collection", lambda body, key: body.update(collection=key)),
        ("items.0.line_id", lambda body, key: body["items"][0].update(line_id=key)),
        ("items.0.sku", lambda body, key: body["items"][0].update(sku=key)),
        ("ship_groups.0.id", lambda body, key: body["ship_groups"][0].update(id=key)),
        ("customer.id", lambda body, key: body["customer"].update(id=key)),
    ],
)
def test_a_key_with_blanks_around_it_is_refused(
    channel: Client, field: str, change: Callable[[Json, str], None], key: str
) -> None:
    body = channel.body()
    change(body, key)

    problem = refusal(channel.post("/v1/orders", body))

    assert (problem["status"], [error["field"] for error in problem["errors"]]) == (422, [field])


def test_another_collection_is_not_found(channel: Client, stranger: Client) -> None:
    problem = refusal(channel.post("/v1/orders", channel.body(collection=stranger.company.key)))

    assert (problem["status"], problem["code"]) == (404, "collection_not_found")


def test_the_largest_amounts_of_every_currency_are_stored_exactly(channel: Client) -> None:
    order = channel.place(line("99999999999999.99"))
    unidad = order_body(line("99999999999999.9999"), currency="CLF", totals={**TOTALS, "items": "99999999999999.9999"})

    problem = refusal(channel.post("/v1/orders", {**unidad, "collection": channel.company.key}))

    assert order["totals"]["grand_total"] == "99999999999999.99"
    assert problem["errors"][0]["expected"] == "99999999999999.9999"


@pytest.mark.parametrize(
    "email",
    [
        "ä@shop.example",
        "ada@exämple.com",
        '"a\u000b"@example.com',
        '"a b"@example.com',
        "=?utf-8?q?a=0Ab?=@example.com",
        "=?utf-8?q?ceo=40bank.example=2C?=@example.com",
    ],
)
def test_an_email_address_that_mail_cannot_be_sent_to_is_refused(channel: Client, email: str) -> None:
    answer = channel.post("/v1/orders", channel.body(customer={"type": "guest", "name": "Ada", "email": email}))

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == "customer.email"
