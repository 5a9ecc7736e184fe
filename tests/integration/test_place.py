"""Placing an order over the API: the answer, the stored rows, and the single transaction."""

import contextlib
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from order_api.core.database import transaction
from order_api.orders import history
from order_api.orders.models import Order
from order_api.outbox.models import OutboxRow
from order_api.placement.place import place_order
from order_api.placement.schemas import PlaceOrderBody
from tests.factories.companies import Company
from tests.factories.orders import Json, address, charge, discount, line, order_body, ship_group, tax
from tests.fixtures.service import Client

EVERYTHING: Json = {
    "store": "main-street",
    "customer": {
        "type": "registered",
        "id": "C-77",
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "phone": "+1 270 555 0100",
        "groups": ["gold", "staff"],
    },
    "billing_address": address(company="Engines Ltd", line2="Floor 2", region="KY", postal_code="42420", phone="1"),
    "ship_groups": [
        ship_group(charges=[charge("5.99", name="Ground", taxes=[tax("0.32")], discounts=[discount("2.00", "HALF")])])
    ],
    "items": [
        line("20.00", 2, tax("2.96"), sku="SHIRT", list_price="25.00", discounts=[discount("1.00", "ITEM")])
        | {
            "attributes": {"color": "blue", "engraving": {"text": "Für Ada ♥"}},
            "charges": [charge("1.50", "gift_wrap")],
        },
        line("20.00", 1, line_id="2", sku="SHIRT"),
    ],
    "discounts": [discount("3.00", "ORDER")],
    "charges": [charge("0.75", "handling")],
    "note": "Please ring twice.",
    "custom_fields": {"campaign": "spring", "score": 1.5, "tags": ["a", None, True]},
}


def test_a_placed_order_is_answered_with_its_address_and_version(channel: Client) -> None:
    answer = channel.post("/v1/orders", channel.body())

    order = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"http://orders.example/v1/orders/{order['id']}"
    assert answer.headers["ETag"] == f'"{order["version"]}"'
    assert order["status"] == "submitted"


def test_what_is_answered_is_what_is_read_later(channel: Client) -> None:
    placed = channel.post("/v1/orders", channel.body(**EVERYTHING))

    read = channel.get(placed.headers["Location"])

    assert read.status_code == 200
    assert read.get_json() == placed.get_json()
    assert read.headers["ETag"] == placed.headers["ETag"]


@pytest.mark.parametrize(
    "field",
    ["channel", "store", "external_id", "currency", "tax_included", "customer", "billing_address", "custom_fields"],
)
def test_the_head_of_an_order_is_read_back_as_it_was_sent(channel: Client, field: str) -> None:
    body = channel.body(**EVERYTHING)

    order = channel.post("/v1/orders", body).get_json()

    assert order[field] == body[field]
    assert order["collection"] == body["collection"]


def test_items_are_read_back_as_they_were_sent_with_their_shares(channel: Client) -> None:
    order = channel.place(**EVERYTHING)

    first, second = order["items"]
    sent = EVERYTHING["items"][0]
    names = ("sku", "name", "quantity", "unit_price", "list_price", "attributes")
    assert {name: first[name] for name in names} == {name: sent[name] for name in names}
    assert without_ids(first["taxes"]) == sent["taxes"]
    assert first["discounts"] == [
        {"code": "ITEM", "amount": "1.00", "share_of_order_discount": False},
        {"code": "ORDER", "amount": "1.98", "share_of_order_discount": True},
    ]
    assert (first["line_id"], first["line_amount"], first["amount_after_discounts"]) == ("1", "40.00", "37.02")
    assert (second["line_id"], second["line_amount"], second["amount_after_discounts"]) == ("2", "20.00", "18.98")
    assert [c["type"] for c in first["charges"]] == ["gift_wrap"]


def without_ids(parts: Any) -> Any:
    """Taxes and charges have ids of ours."""
    if isinstance(parts, list):
        return [without_ids(part) for part in parts]
    if isinstance(parts, dict):
        return {name: without_ids(value) for name, value in parts.items() if name != "id"}
    return parts


def test_charges_are_read_back_as_they_were_sent_with_their_discounts_and_taxes(channel: Client) -> None:
    order = channel.place(**EVERYTHING)

    assert without_ids(order["ship_groups"][0]["charges"]) == [
        {
            "type": "shipping",
            "name": "Ground",
            "amount": "5.99",
            "amount_after_discounts": "3.99",
            "discounts": [{"code": "HALF", "amount": "2.00", "share_of_order_discount": False}],
            "taxes": [{"name": "state", "rate": "0.08", "amount": "0.32"}],
        }
    ]
    assert [c["type"] for c in order["charges"]] == ["handling"]


def test_ship_groups_totals_and_notes_are_read_back_as_they_were_sent(channel: Client) -> None:
    body = channel.body(**EVERYTHING)

    order = channel.post("/v1/orders", body).get_json()

    group = order["ship_groups"][0]
    sent = ship_group()
    assert {name: group[name] for name in ("fulfillment_type", "method", "address")} == {
        name: sent[name] for name in ("fulfillment_type", "method", "address")
    }
    assert order["totals"] == body["totals"]
    assert [note["text"] for note in order["notes"]] == ["Please ring twice."]


def test_a_tender_is_read_back_without_its_token(channel: Client) -> None:
    tenders = [{"type": "card", "token": "tok_secret_of_ada", "amount": "4.00"}, {"type": "invoice", "amount": "6.00"}]

    answer = channel.post("/v1/orders", channel.body(tenders=tenders))

    assert [(t["type"], t["amount"]) for t in answer.get_json()["tenders"]] == [("card", "4.00"), ("invoice", "6.00")]
    assert "tok_secret_of_ada" not in answer.text


def test_a_guest_needs_no_name_email_or_phone(channel: Client) -> None:
    order = channel.place(customer={"type": "guest"})

    assert order["customer"] == {"type": "guest", "id": None, "name": None, "email": None, "phone": None, "groups": []}


def test_money_is_answered_with_the_decimals_of_its_currency(channel: Client) -> None:
    yen = channel.place(line("1980"), currency="JPY")
    dinar = channel.place(line("1.234"), currency="KWD")

    assert (yen["totals"]["grand_total"], yen["totals"]["taxes"]) == ("1980", "0")
    assert (dinar["totals"]["grand_total"], dinar["totals"]["taxes"]) == ("1.234", "0.000")


def test_a_unit_price_keeps_its_decimals(channel: Client) -> None:
    order = channel.place(line("13.9563", 9), currency="EUR")

    assert (order["items"][0]["unit_price"], order["items"][0]["line_amount"]) == ("13.9563", "125.61")


def test_the_number_of_a_placed_order_cannot_be_guessed(channel: Client) -> None:
    first, second = channel.place()["number"], channel.place()["number"]

    assert len(first) == len(second) == 14
    assert first[:10] != second[:10]


def test_the_history_begins_with_who_placed_the_order(channel: Client) -> None:
    order = channel.place(note="Hello.")

    placed, noted = channel.get(f"/v1/orders/{order['id']}/history").get_json()["events"]
    assert (placed["event"], placed["sequence"], placed["after"]) == ("order.placed", 1, "submitted")
    assert placed["actor_kind"] == "channel"
    assert placed["actor_id"].startswith("channel-")
    assert (noted["event"], noted["sequence"]) == ("note.added", 2)
    assert "Hello." not in str(noted)


def test_the_start_of_the_process_is_written_with_the_order(channel: Client) -> None:
    order = channel.place()

    with transaction() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.business_key == order["number"])).all()
    start = rows[0]
    assert [(start.kind, start.name, start.state)] == [(row.kind, row.name, row.state) for row in rows]
    assert (start.kind, start.name, start.state) == ("start", "order-submit", "pending")
    assert start.payload["order_number"] == order["number"]
    assert start.payload["items"] == [
        {"item_id": order["items"][0]["id"], "sku": "SKU-1", "fulfillment_type": "ship_to_home"}
    ]
    assert start.payload["order_url"] == f"http://orders.example/console/orders/{order['id']}"


def test_no_personal_data_goes_to_the_engine(channel: Client) -> None:
    order = channel.place(**EVERYTHING)

    with transaction() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.business_key == order["number"])).one()
    payload = str(row.payload).lower()
    personal = ("ada lovelace", "ada@", "lovelace", "analytical", "henderson", "555 0100")
    assert [word for word in personal if word in payload] == []


def test_an_order_that_fails_at_the_end_leaves_nothing_behind(company: Company) -> None:
    body = order_body(collection=company.key, external_id="never-placed")

    placed, number = place_and_fail(company, body)

    with transaction() as session:
        assert session.get(Order, placed) is None
        assert history.latest(session, placed, 1) == []
        assert session.scalar(select(OutboxRow).where(OutboxRow.business_key == number)) is None


def place_and_fail(company: Company, body: Json) -> tuple[UUID, str]:
    with contextlib.suppress(ZeroDivisionError), transaction() as session:
        order, _ = place_order(session, company.actor, PlaceOrderBody().load(body))
        _ = 1 / 0
    return order.id, order.number
