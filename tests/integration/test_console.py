"""The console without a browser: who sees what, what is refused, and the answers to a self-refreshing page."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from order_api.access.models import User
from order_api.console.order import MAX_EVENTS
from order_api.core import clock
from order_api.core.database import transaction
from order_api.orders import history
from order_api.orders.models import Order
from order_api.orders.repository import get_for_update
from order_api.progress.processes import rebind
from order_api.words import Category, Role
from order_api.words.events import Event
from tests.factories.companies import PASSWORD, Company, create_company
from tests.factories.returns import request_return_process, return_of
from tests.fixtures.pages import log_in, refresh_in
from tests.fixtures.service import Client


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CHANNEL, Role.WAREHOUSE)])
def test_every_member_of_staff_may_read(visitor: FlaskClient, channel: Client, company: Company, role: Role) -> None:
    order = channel.place()
    log_in(visitor, company.staff[role])

    page = visitor.get(f"/console/orders/{order['id']}")

    assert page.status_code == 200
    assert order["number"] in page.text


def test_an_order_of_another_collection_is_not_found(visitor: FlaskClient, stranger: Client, company: Company) -> None:
    order = stranger.place(external_id="W-of-the-stranger")
    log_in(visitor, company.staff[Role.ORDER_ADMIN])

    page = visitor.get(f"/console/orders/{order['id']}")
    process = visitor.get(f"/console/orders/{order['id']}/process")
    found = visitor.get("/console/orders", query_string={"q": "W-of-the-stranger"})

    assert (page.status_code, process.status_code) == (404, 404)
    assert page.content_type == "text/html; charset=utf-8"
    assert "No orders found" in found.text


def test_a_page_names_each_process_when_an_order_has_several(
    visitor: FlaskClient, channel: Client, company: Company
) -> None:
    order, address = channel.place(), "/console/orders/{}/process"
    log_in(visitor, company.staff[Role.ORDER_ADMIN])
    alone = visitor.get(address.format(order["id"]))
    with transaction() as session:
        goods = return_of(order)
        request_return_process(session, goods)

    together = visitor.get(address.format(order["id"]))

    assert (alone.text.count("Not started yet"), "order-submit" in alone.text) == (1, False)
    assert together.text.count("Not started yet") == 2
    assert re.findall(r"<h3>(\S+) <small>(\S+)</small>", together.text) == [
        (order["number"], "order-submit"),
        (f"{order['number']}-R1", "order-return"),
    ]


def test_a_process_that_has_not_begun_says_so_although_the_engine_is_away(
    visitor: FlaskClient, channel: Client, company: Company
) -> None:
    order = channel.place()
    goods = return_of(order)
    with transaction() as session:
        rebind(session, order["number"], "order-submit", "an-instance")
        request_return_process(session, goods)
    log_in(visitor, company.staff[Role.ORDER_ADMIN])

    page = visitor.get(f"/console/orders/{order['id']}/process")

    assert page.text.count("does not answer at the moment") == 1
    assert page.text.count("Not started yet") == 1
    assert "process-instance/None" not in page.text


@pytest.mark.parametrize("asked", [str.upper, str.lower, str])
def test_an_order_is_found_by_its_number_in_capital_or_small_letters(
    visitor: FlaskClient, channel: Client, company: Company, asked: Callable[[str], str]
) -> None:
    order = channel.place()
    log_in(visitor, company.staff[Role.AUDITOR])

    found = visitor.get("/console/orders", query_string={"q": asked(order["number"])})

    assert f"/console/orders/{order['id']}" in found.text


def test_an_order_is_found_by_a_number_of_small_letters(visitor: FlaskClient, app: Flask) -> None:
    company = create_company(order_number_alphabet="abcdefghijkl")
    order = Client(app, company, company.channel_key).place()
    log_in(visitor, company.staff[Role.AUDITOR])

    found = visitor.get("/console/orders", query_string={"q": order["number"]})

    assert f"/console/orders/{order['id']}" in found.text


def test_the_page_shows_the_end_of_a_long_history_and_says_how_many_entries_are_older(
    visitor: FlaskClient, channel: Client, company: Company
) -> None:
    order = channel.place()
    log_in(visitor, company.staff[Role.AUDITOR])
    with transaction() as session:
        row = get_for_update(session, company.actor, UUID(order["id"]))
        for number in range(MAX_EVENTS + 2):
            history.record(session, row, Event.NOTE_ADDED, company.actor, details={"note": f"Number {number} seen"})

    page = visitor.get(f"/console/orders/{order['id']}").text

    assert "3 older entries" in page
    assert "Number 2 seen" in page
    assert "Number 1 seen" not in page


def test_a_visitor_without_a_log_in_is_sent_to_it_with_the_address_to_return_to(visitor: FlaskClient) -> None:
    answer = visitor.get("/console/orders?q=W-1&status=on_hold")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/console/login?next=/console/orders?q%3DW-1%26status%3Don_hold"


def test_the_home_page_leads_to_the_console(visitor: FlaskClient) -> None:
    assert visitor.get("/").headers["Location"] == "/console/"
    assert visitor.get("/console/").headers["Location"] == "/console/orders"


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/console/",
        "//evil.example/console/",
        "/\\evil.example",
        "/console\\evil",
        "/console/orders\r\nX: y",
        "/docs",
        "javascript:0",
    ],
)
def test_the_log_in_leads_to_pages_of_the_console_only(visitor: FlaskClient, company: Company, asked: str) -> None:
    assert log_in(visitor, company.staff[Role.AUDITOR], next=asked) == "/console/orders"


def test_the_log_in_leads_to_the_page_that_was_asked_for(visitor: FlaskClient, company: Company) -> None:
    asked = "/console/orders?q=W-1&status=on_hold"

    assert log_in(visitor, company.staff[Role.AUDITOR], next=asked) == asked


@pytest.mark.parametrize("username", ["no-such-name", "", "x" * 300, "nul\x00"])
def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(
    visitor: FlaskClient, company: Company, username: str
) -> None:
    wrong = log_in(visitor, company.staff[Role.AUDITOR], "not the password")
    unknown = log_in(visitor, username)

    sentence = "Wrong user name or password."
    assert sentence in wrong
    assert sentence in unknown


def test_a_log_in_without_a_csrf_token_is_refused(visitor: FlaskClient, company: Company) -> None:
    visitor.get("/console/login")
    form = {"username": company.staff[Role.AUDITOR], "password": PASSWORD}

    answer = visitor.post("/console/login", data=form)

    assert answer.status_code == 400
    assert "This request cannot be accepted" in answer.text
    assert visitor.get("/console/orders").status_code == 302


def test_a_log_out_without_a_csrf_token_is_refused(visitor: FlaskClient, company: Company) -> None:
    log_in(visitor, company.staff[Role.AUDITOR])

    assert visitor.post("/console/logout").status_code == 400
    assert visitor.get("/console/orders").status_code == 200


def test_a_disabled_user_sees_nothing_more(visitor: FlaskClient) -> None:
    username = create_company().staff[Role.AUDITOR]
    log_in(visitor, username)

    with transaction() as session:
        session.execute(update(User).where(User.username == username).values(disabled_at=clock.now()))

    assert visitor.get("/console/orders").status_code == 302


def test_a_page_left_open_reloads_once_its_session_has_ended(visitor: FlaskClient) -> None:
    answer = visitor.get("/console/orders?seen=1", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["HX-Refresh"] == "true"


def test_errors_are_pages_in_the_console_and_problems_in_the_api(visitor: FlaskClient, company: Company) -> None:
    log_in(visitor, company.staff[Role.AUDITOR])

    unknown, bad_cursor = visitor.get("/console/nope"), visitor.get("/console/orders?cursor=nope")

    assert (unknown.status_code, unknown.mimetype) == (404, "text/html")
    assert (bad_cursor.status_code, bad_cursor.mimetype) == (422, "text/html")
    assert visitor.put("/console/orders").mimetype == "text/html"
    assert visitor.get("/v1/nope").mimetype == "application/problem+json"


def test_pages_are_not_cached_not_framed_and_run_no_foreign_code(visitor: FlaskClient) -> None:
    headers = visitor.get("/console/login").headers

    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_pages_of_the_list_hold_each_order_once(visitor: FlaskClient) -> None:
    company = create_company()
    channel = Client(visitor.application, company, company.channel_key)
    numbers = {channel.place()["number"] for _ in range(33)}
    log_in(visitor, company.staff[Role.AUDITOR])

    first = visitor.get("/console/orders").text
    older = re.search(r'href="(/console/orders\?cursor=[^"]+)"', first)
    assert older
    second = visitor.get(older[1].replace("&amp;", "&")).text

    on_first = {number for number in numbers if number in first}
    assert len(on_first) == 30
    assert {number for number in numbers if number in second} == numbers - on_first


def test_a_refresh_is_answered_only_when_something_has_changed(
    visitor: FlaskClient, channel: Client, company: Company
) -> None:
    order = channel.place()
    log_in(visitor, company.staff[Role.AUDITOR])
    again = refresh_in(visitor.get(f"/console/orders/{order['id']}").text)

    unchanged = visitor.get(again)
    channel.post(f"/v1/orders/{order['id']}/notes", {"text": "Ring twice."})
    changed = visitor.get(again)

    assert unchanged.status_code == 204
    assert changed.status_code == 200
    assert "Ring twice." in changed.text
    assert "<html" not in changed.text


def test_parameters_of_the_address_cannot_lead_a_refresh_to_another_page(
    visitor: FlaskClient, company: Company
) -> None:
    log_in(visitor, company.staff[Role.AUDITOR])

    page = visitor.get("/console/orders?_scheme=javascript&_external=1&_anchor=x&q=%22W 1").text

    assert refresh_in(page).startswith("/console/orders?")
    assert "q=%22W+1" in refresh_in(page)


def test_a_page_of_an_order_that_is_over_stops_asking(visitor: FlaskClient, channel: Client, company: Company) -> None:
    order = channel.place()
    log_in(visitor, company.staff[Role.AUDITOR])
    page = f"/console/orders/{order['id']}"
    again = refresh_in(visitor.get(page).text)

    close_long_ago(UUID(order["id"]))

    assert visitor.get(again).status_code == 286
    assert "every 2s" not in visitor.get(page).text


def close_long_ago(order_id: UUID) -> None:
    over = {"status": "completed", "status_category": Category.DONE, "updated_at": clock.now() - timedelta(minutes=5)}
    with transaction() as session:
        session.execute(update(Order).where(Order.id == order_id).values(over))
