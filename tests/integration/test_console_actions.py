"""Acts of the console on an order: who may do what, and that a click counts once."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from order_api.orders.repository import get_for_update
from order_api.words import Role
from tests.factories.companies import STAFF, Company
from tests.factories.flows import STEP_BY_STEP, Flow
from tests.factories.orders import Json
from tests.factories.others import transaction_of_another
from tests.fixtures.pages import (
    FIELDS,
    POSTED_TO,
    act,
    form_of,
    hidden_in,
    is_untouched,
    log_in,
    notes_of,
    order_of,
    post,
    token_in,
)
from tests.fixtures.service import Client
from tests.fixtures.system import wait_until
from tests.integration.test_idempotency import is_held_up

SERVICE = {Role.ORDER_ADMIN, Role.CSR_ADMIN, Role.CSR_ASSOCIATE}
MAY = {"cancel": SERVICE, "cancel_units": SERVICE, "note": SERVICE | {Role.STORE_OPERATOR}}
OF_REFUNDS = {"console.refund", "console.refund_preview"}
OF_RETURNS = {"announce", "cancel_announced", "judge_goods", "receive_goods", "return_preview"}
TESTED_APART = OF_REFUNDS | {f"console.{action}" for action in OF_RETURNS}
"""These need an order that is paid: test_console_refund.py, test_console_returns.py."""
EVERY_PAIR = [(action, role) for action in MAY for role in STAFF]


@pytest.fixture
def order(channel: Client) -> Json:
    return channel.place()


# Who may.


def test_every_action_of_a_page_says_who_may_use_it(app: Flask) -> None:
    posted = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    actions = {name for name in posted if name.startswith("console.")} - {"console.log_in", "console.log_out"}

    assert actions - {"console.nothing_here"} == {f"console.{action}" for action in MAY} | TESTED_APART


@pytest.mark.parametrize(("action", "role"), EVERY_PAIR)
def test_a_role_may_do_what_the_table_says_and_sees_no_form_for_anything_else(
    visitor: FlaskClient, channel: Client, company: Company, order: Json, action: str, role: Role
) -> None:
    log_in(visitor, company.staff[role])
    page = visitor.get(f"/console/orders/{order['id']}").text
    form = {"csrf_token": token_in(page), "version": str(order["version"]), "key": uuid4().hex, **FIELDS[action]}

    answer = post(visitor, order, action, form)

    is_allowed = role in MAY[action]
    assert answer.status_code == (303 if is_allowed else 403)
    assert (f'id="{action}-offer"' in page) is is_allowed
    assert is_untouched(channel, order) is not is_allowed


@pytest.mark.parametrize("role", [Role.STORE_OPERATOR, Role.AUDITOR])
def test_a_role_that_may_not_cancel_does_not_get_the_question(
    visitor: FlaskClient, company: Company, order: Json, role: Role
) -> None:
    log_in(visitor, company.staff[role])

    assert visitor.get(f"/console/orders/{order['id']}/cancel").status_code == 403


def test_a_role_that_may_not_write_notes_sees_no_form_for_one(
    visitor: FlaskClient, company: Company, order: Json
) -> None:
    log_in(visitor, company.staff[Role.AUDITOR])

    assert "note-form" not in visitor.get(f"/console/orders/{order['id']}").text


@pytest.mark.parametrize("action", MAY)
def test_an_action_on_the_order_of_another_collection_is_not_found(
    agent: FlaskClient, stranger: Client, order: Json, action: str
) -> None:
    foreign = stranger.place()

    answer = post(agent, foreign, action, form_of(agent, order, action))

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert agent.get(f"/console/orders/{foreign['id']}/cancel").status_code == 404
    assert is_untouched(stranger, foreign)


@pytest.mark.parametrize("action", MAY)
def test_an_action_without_a_csrf_token_is_refused(
    agent: FlaskClient, channel: Client, order: Json, action: str
) -> None:
    form = form_of(agent, order, action)
    del form["csrf_token"]

    answer = post(agent, order, action, form)

    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert is_untouched(channel, order)


@pytest.mark.parametrize("action", MAY)
def test_an_action_after_the_end_of_the_log_in_leads_to_the_log_in_and_back(
    agent: FlaskClient, order: Json, action: str
) -> None:
    form = form_of(agent, order, action)
    with agent.session_transaction() as cookie:
        del cookie["username"]

    answer = post(agent, order, action, form)

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/console/login?next=/console/orders/{order['id']}/{POSTED_TO[action]}",
    )


# What is done.


def test_a_note_is_written_and_the_page_of_the_order_says_so_once(
    agent: FlaskClient, channel: Client, company: Company, order: Json
) -> None:
    answer = act(agent, order, "note", text="Called.\r\nRings back.")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/console/orders/{order['id']}")
    [note] = order_of(channel, order)["notes"]
    assert (note["text"], note["author"]) == ("Called.\nRings back.", company.staff[Role.CSR_ASSOCIATE])
    assert "The note is written." in agent.get(answer.headers["Location"]).text
    assert "The note is written." not in agent.get(answer.headers["Location"]).text


def test_the_longest_note_of_the_longest_characters_is_accepted(
    agent: FlaskClient, channel: Client, order: Json
) -> None:
    note = "\U0001f600" * 1999 + "\n"

    assert act(agent, order, "note", text=note.replace("\n", "\r\n")).status_code == 303
    assert notes_of(channel, order) == [note]


def test_an_order_is_canceled_for_the_reason_that_was_chosen(
    agent: FlaskClient, channel: Client, company: Company, order: Json
) -> None:
    answer = act(agent, order, "cancel", reason="ordered_by_mistake")

    assert answer.status_code == 303
    canceled = order_of(channel, order)
    assert canceled["cancel_reason"] == "ordered_by_mistake"
    assert canceled["cancel_requested_by"] == company.staff[Role.CSR_ASSOCIATE]
    page = agent.get(answer.headers["Location"]).text
    assert "The order is being canceled." in page
    assert "Cancel requested" in page


def test_an_order_is_canceled_for_a_reason_in_the_users_own_words(
    agent: FlaskClient, channel: Client, order: Json
) -> None:
    answer = act(agent, order, "cancel", reason="own_words", own_words="Moves to another town")

    assert answer.status_code == 303
    assert order_of(channel, order)["cancel_reason"] == "Moves to another town"


def test_the_question_says_how_much_money_is_given_back(agent: FlaskClient, flow: Flow) -> None:
    flow.walk(*STEP_BY_STEP[:2])

    page = agent.get(f"/console/orders/{flow.order['id']}/cancel").text

    assert re.search(r"20\.00 <abbr>USD</abbr></span> on the payment method is released", page)


# A click counts once.


@pytest.mark.parametrize("action", MAY)
def test_one_of_two_clicks_counts_and_both_lead_to_the_order(
    agent: FlaskClient, channel: Client, order: Json, action: str
) -> None:
    form = form_of(agent, order, action)

    first, second = post(agent, order, action, form), post(agent, order, action, form)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert order_of(channel, order)["version"] == order["version"] + 1


def window(agent: FlaskClient) -> FlaskClient:
    """A second client of the same browser, which may wait in its own thread."""
    cookie = agent.get_cookie("session")
    assert cookie is not None
    client = agent.application.test_client()
    client.set_cookie("session", cookie.value)
    return client


def test_a_second_click_waits_for_the_first(agent: FlaskClient, channel: Client, company: Company, order: Json) -> None:
    form = form_of(agent, order, "note")
    with ThreadPoolExecutor() as threads:
        with transaction_of_another() as session:
            get_for_update(session, company.actor, UUID(order["id"]))
            first = threads.submit(post, window(agent), order, "note", form)
            wait_until(is_held_up, what="the first click inside")
            second = threads.submit(post, window(agent), order, "note", form)
            with pytest.raises(TimeoutError):
                second.result(1)

        assert (first.result().status_code, second.result().status_code) == (303, 303)

    assert notes_of(channel, order) == ["Called the customer."]


def test_a_form_sent_again_with_other_content_must_be_confirmed(
    agent: FlaskClient, channel: Client, order: Json
) -> None:
    form = form_of(agent, order, "note")
    post(agent, order, "note", form)

    asked = post(agent, order, "note", form | {"text": "Another note."})

    assert asked.status_code == 422
    assert "You already sent this form with other content." in asked.text
    again = hidden_in(asked.text) | {"text": "Another note."}
    assert post(agent, order, "note", again).status_code == 303
    assert notes_of(channel, order) == ["Called the customer.", "Another note."]


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x00b"])
def test_a_form_without_a_proper_key_is_refused(agent: FlaskClient, channel: Client, order: Json, key: str) -> None:
    assert act(agent, order, "note", key=key).status_code == 422
    assert is_untouched(channel, order)
