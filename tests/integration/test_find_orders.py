"""Lists of orders: filters, sorts, and pages that neither lose nor repeat a row while others arrive."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.factories.companies import create_company
from tests.factories.counted_queries import counted_queries
from tests.factories.orders import Json, line
from tests.fixtures.service import Client


@pytest.fixture
def shop(app: Flask) -> Client:
    """A company without orders."""
    company = create_company()
    return Client(app, company, company.channel_key)


def page(shop: Client, **query: Any) -> Json:
    answer = shop.get("/v1/orders", **{"currency": "USD", **query})
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def found(shop: Client, **query: Any) -> list[str]:
    return [order["id"] for order in page(shop, **query)["orders"]]


def all_pages(shop: Client, **query: Any) -> list[str]:
    answer = page(shop, **query)
    rest = all_pages(shop, **{**query, "cursor": answer["next_cursor"]}) if answer["next_cursor"] else []
    return [order["id"] for order in answer["orders"]] + rest


def test_a_list_shows_what_is_needed_to_choose_an_order(shop: Client) -> None:
    order = shop.place(line("19.99"), store="main-street", customer={"type": "registered", "id": "C1", "name": "Ada"})

    [row] = page(shop)["orders"]

    names = ("id", "number", "collection", "channel", "store", "external_id", "status", "currency", "placed_at")
    assert {name: row[name] for name in names} == {name: order[name] for name in names}
    assert (row["grand_total"], row["customer_id"], row["customer_name"]) == ("19.99", "C1", "Ada")


def test_without_orders_the_list_is_empty(shop: Client) -> None:
    assert page(shop) == {"orders": [], "next_cursor": None}


def test_the_newest_order_comes_first(shop: Client) -> None:
    placed = [shop.place()["id"] for _ in range(3)]

    assert found(shop) == placed[::-1]
    assert found(shop, sort="placed_at") == placed


def test_orders_are_sorted_by_total_and_equal_totals_have_a_fixed_sequence(shop: Client) -> None:
    totals = ["5.00", "10.00", "5.00", "7.00"]
    placed = [shop.place(line(total))["id"] for total in totals]

    upwards, downwards = found(shop, sort="total"), found(shop, sort="-total")

    assert upwards[2:] == [placed[3], placed[1]]
    assert set(upwards[:2]) == {placed[0], placed[2]}
    assert downwards == upwards[::-1]


def test_totals_of_different_currencies_are_not_compared(shop: Client) -> None:
    dollars, yen = shop.place(line("5.00")), shop.place(line("400"), currency="JPY")

    refused = shop.get("/v1/orders", sort="total")

    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "currency")
    assert found(shop, sort="total") == [dollars["id"]]
    assert found(shop, sort="total", currency="JPY") == [yen["id"]]


def test_an_e_mail_address_is_found_however_it_is_written(shop: Client) -> None:
    order = shop.place(customer={"type": "guest", "email": "Ada.Lovelace@Shop.example"})

    assert found(shop, customer_email="ada.lovelace@SHOP.example") == [order["id"]]


@pytest.mark.parametrize("sort", ["placed_at", "-placed_at", "total", "-total"])
def test_pages_together_are_the_list(shop: Client, sort: str) -> None:
    placed = [shop.place(line(total))["id"] for total in ("5.00", "5.00", "7.00", "5.00", "6.00")]

    assert all_pages(shop, sort=sort, limit=2) == found(shop, sort=sort)
    assert sorted(all_pages(shop, sort=sort, limit=2)) == sorted(placed)


@pytest.mark.parametrize("sort", ["placed_at", "-placed_at", "total", "-total"])
def test_no_row_that_was_there_is_lost_or_shown_twice_while_others_arrive(shop: Client, sort: str) -> None:
    before = found_after_placing(shop, 5, sort)

    first = page(shop, sort=sort, limit=2)
    shop.place(line("1.00"))
    shop.place(line("99.00"))
    rest = all_pages(shop, sort=sort, limit=2, cursor=first["next_cursor"])

    seen = [order["id"] for order in first["orders"]] + rest
    assert [order_id for order_id in seen if order_id in before] == before
    assert len(set(seen)) == len(seen)


def found_after_placing(shop: Client, count: int, sort: str) -> list[str]:
    for number in range(count):
        shop.place(line(f"{10 + number % 2}.00"))
    return found(shop, sort=sort)


def test_the_last_page_has_no_cursor_even_when_it_is_full(shop: Client) -> None:
    shop.place()
    shop.place()

    assert page(shop, limit=2)["next_cursor"] is None


OF_MANY = ["status", "collection", "channel", "currency"]


@pytest.mark.parametrize("name", ["number", "external_id", "customer_id", "customer_email", "store", *OF_MANY])
def test_a_list_is_filtered(shop: Client, name: str) -> None:
    customer = {"type": "registered", "id": "C-ada", "email": "ada@shop.example"}
    wanted = shop.place(store="main-street", customer=customer)
    other = shop.place(customer={"type": "guest"})
    value = {"customer_id": "C-ada", "customer_email": "ada@shop.example"}.get(name) or wanted[name]

    assert wanted["id"] in found(shop, **{name: value})
    assert (other["id"] in found(shop, **{name: value})) is (name in OF_MANY)


def test_filters_work_together(shop: Client) -> None:
    order = shop.place()

    assert found(shop, number=order["number"], status="submitted") == [order["id"]]
    assert found(shop, number=order["number"], status="completed") == []


def test_orders_are_found_by_when_they_were_placed(shop: Client) -> None:
    first, second = shop.place(), shop.place()
    border = second["placed_at"]

    assert found(shop, placed_before=border) == [first["id"]]
    assert found(shop, placed_from=border) == [second["id"]]
    assert found(shop, placed_from=border, placed_before=later(border)) == [second["id"]]


def later(moment: str) -> str:
    return (datetime.fromisoformat(moment) + timedelta(seconds=1)).isoformat()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stauts", "completed"),
        ("sort", "customer"),
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "many"),
        ("placed_from", "yesterday"),
        ("placed_from", "2026-01-01T00:00:00"),
        ("channel", "television"),
        ("cursor", ""),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_by_name(shop: Client, name: str, value: str) -> None:
    answer = shop.get("/v1/orders", **{name: value})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [name]


@pytest.mark.parametrize("name", ["status", "limit", "placed_from", "nonsense"])
def test_a_filter_that_is_sent_twice_is_refused_by_name(shop: Client, name: str) -> None:
    value = {"limit": "1", "placed_from": "2026-01-01T00:00:00Z"}.get(name, "submitted")

    answer = shop.call("GET", "/v1/orders", query_string=[(name, value), (name, value), ("channel", "web")])

    assert (answer.status_code, [error["field"] for error in answer.get_json()["errors"]]) == (422, [name])


def forged(*key: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "%%%",
        "ä",
        forged("total"),
        forged("total", "7", "no uuid"),
        forged("total", "many", "00000000-0000-0000-0000-000000000000"),
        forged("total", float("inf"), "00000000-0000-0000-0000-000000000000"),
        forged("total", None, "00000000-0000-0000-0000-000000000000"),
        forged("total", {"a": 1}, 5),
        forged("placed_at", "2026-01-01T00:00:00+00:00", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_a_cursor_that_was_not_made_by_this_list_is_refused(shop: Client, cursor: str) -> None:
    answer = shop.get("/v1/orders", sort="total", currency="USD", cursor=cursor)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "cursor_invalid")


def test_a_list_costs_the_same_number_of_queries_however_long_it_is(shop: Client) -> None:
    shop.place()
    with counted_queries() as short:
        found(shop)
    found_after_placing(shop, 10, "total")

    with counted_queries() as long:
        assert len(found(shop)) == 11

    assert len(long) == len(short)


def test_an_order_costs_the_same_number_of_queries_however_many_lines_it_has(shop: Client) -> None:
    small, large = shop.place(), shop.place(*(line(line_id=str(number)) for number in range(30)))
    with counted_queries() as of_small:
        shop.get(f"/v1/orders/{small['id']}")

    with counted_queries() as of_large:
        shop.get(f"/v1/orders/{large['id']}")

    assert len(of_large) == len(of_small)


TOO_LARGE = f'["-total", {2**63}, "{UUID(int=1)}"]'


@pytest.mark.parametrize("text", [TOO_LARGE, "7", "{}", "x"])
def test_a_cursor_that_we_did_not_make_is_refused(shop: Client, text: str) -> None:
    cursor = base64.urlsafe_b64encode(text.encode()).decode()

    answer = shop.get("/v1/orders", sort="-total", currency="USD", cursor=cursor)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "cursor_invalid")
