"""Refusals of a page: it gives the reason beside the field, form or button, and keeps the input."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.orders import Json
from tests.fixtures.pages import act, form_of, hidden_in, is_untouched, order_of, post, refresh_in
from tests.fixtures.service import Client

ACTIONS = ("cancel", "note")


@pytest.fixture
def order(channel: Client) -> Json:
    return channel.place()


# What has changed meanwhile.


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_on_an_old_version_is_refused_and_shows_the_changes_and_the_input(
    agent: FlaskClient, channel: Client, order: Json, action: str
) -> None:
    typed = {"note": {"text": "Wait <b>please"}, "cancel": {"reason": "own_words", "own_words": "Wait <b>please"}}
    form = form_of(agent, order, action) | typed[action]
    channel.post(f"/v1/orders/{order['id']}/payments", {"type": "card", "token": "tok_approve"})
    channel.post(f"/v1/orders/{order['id']}/notes", {"text": "Changed."})

    refused = post(agent, order, action, form)

    assert refused.status_code == 412
    assert "The order has changed since you saw it" in refused.text
    changes = re.search(r'<div class="alert".*?</div>', refused.text, re.DOTALL)
    assert changes
    assert re.findall(r"<li>([^<]+) <small>", changes[0]) == ["Note added"]
    assert "Wait <b>please" in unescape(refused.text)
    assert "Wait <b>please" not in refused.text
    assert post(agent, order, action, hidden_in(refused.text) | typed[action]).status_code == 303


@pytest.mark.parametrize("version", ["", "0", "-1", "*", "two", "9" * 5000])
def test_a_form_that_names_no_version_is_refused(
    agent: FlaskClient, channel: Client, order: Json, version: str
) -> None:
    assert act(agent, order, "note", version=version).status_code == 412
    assert is_untouched(channel, order)


def test_a_note_names_the_version_of_the_order_that_the_page_shows(
    agent: FlaskClient, channel: Client, order: Json
) -> None:
    page = agent.get(f"/console/orders/{order['id']}").text
    channel.post(f"/v1/orders/{order['id']}/notes", {"text": "Changed."})

    refreshed = agent.get(refresh_in(page)).text

    assert 'form="note-form"' in refreshed
    assert f'name="version" value="{order["version"] + 1}"' in refreshed
    assert "<textarea" not in refreshed


# What cannot be accepted.


@pytest.mark.parametrize("text", ["", " \n", "x" * 2001, "a\x1bb", "a\x00b"])
def test_a_refused_note_keeps_its_text_and_shows_the_error_beside_it(
    agent: FlaskClient, channel: Client, order: Json, text: str
) -> None:
    refused = act(agent, order, "note", text=text)

    assert refused.status_code == 422
    field = re.search(r"<textarea([^>]*)>\n(.*?)</textarea>", refused.text, re.DOTALL)
    assert field
    assert 'aria-invalid="true" aria-describedby="text-hint text-wrong"' in field[1]
    assert unescape(field[2]) == text
    assert re.search(r'id="text-wrong">[^<]+<', refused.text)
    assert is_untouched(channel, order)


@pytest.mark.parametrize("sent", [{"reason": "own_words", "own_words": ""}, {"reason": ""}, {"reason": "x" * 201}])
def test_a_cancellation_without_a_proper_reason_shows_the_error_beside_the_reasons(
    agent: FlaskClient, channel: Client, order: Json, sent: dict[str, str]
) -> None:
    refused = act(agent, order, "cancel", **sent)

    assert refused.status_code == 422
    assert '<fieldset aria-invalid="true" aria-describedby="reason-wrong">' in refused.text
    assert 'id="reason-wrong">Needs 1 to 200 characters.' in refused.text
    assert is_untouched(channel, order)


def test_a_field_that_the_api_does_not_know_is_refused(agent: FlaskClient, channel: Client, order: Json) -> None:
    assert act(agent, order, "note", author="the boss").status_code == 422
    assert is_untouched(channel, order)


def test_the_page_of_a_refused_note_goes_on_as_the_page_of_the_order(agent: FlaskClient, order: Json) -> None:
    refused = act(agent, order, "note", text="")

    assert refresh_in(refused.text).startswith(f"/console/orders/{order['id']}?seen=")
    anew = agent.get(f"/console/orders/{order['id']}/note")
    assert anew.headers["Location"] == f"/console/orders/{order['id']}#note"


# What the order forbids.


def ship_a_unit(order: Json, warehouse: Client) -> None:
    hand_to_fulfillment(order)
    line = {"line_id": order["items"][0]["line_id"], "quantity": 1}
    parcel = {"carrier": "dhl", "tracking_number": str(uuid4()), "lines": [line]}
    assert warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel).status_code == 201


def disabled_in(page: str) -> list[tuple[Any, ...]]:
    """The label and the describing sentence of each disabled button."""
    buttons = re.findall(r'<button[^>]* disabled aria-describedby="([^"]+)">([^<]+)<', page)
    return [(label, *re.findall(f'id="{described_by}">([^<]+)<', page)) for described_by, label in buttons]


def test_the_button_gives_the_same_reason_as_the_api_once_a_unit_has_shipped(
    agent: FlaskClient, channel: Client, warehouse: Client, order: Json
) -> None:
    form = form_of(agent, order, "cancel")
    ship_a_unit(order, warehouse)
    refusal = channel.post(f"/v1/orders/{order['id']}/cancellations", {"reason": "late"}).get_json()

    page, question = (agent.get(f"/console/orders/{order['id']}{part}").text for part in ("", "/cancel"))
    answer = post(agent, order, "cancel", form | hidden_in(question))

    assert refusal["code"] == "order_already_shipped"
    assert disabled_in(page) == [("Cancel order", refusal["detail"])]
    assert disabled_in(question) == [("Yes, cancel the order", refusal["detail"])]
    assert answer.status_code == 409
    assert f"<p>{refusal['detail']}</p>" in answer.text
    assert order_of(channel, order)["cancel_requested_at"] is None


def test_the_button_is_disabled_while_the_order_is_being_canceled(agent: FlaskClient, order: Json) -> None:
    act(agent, order, "cancel")

    page = agent.get(f"/console/orders/{order['id']}").text

    why, nothing = f"{order['number']} is being canceled.", "Nothing has shipped, so there is nothing to give back."
    assert disabled_in(page) == [("Cancel order", why), ("Cancel units", why), ("Refund", nothing), ("Return", nothing)]


def test_a_refresh_of_the_question_disables_its_button_once_a_unit_has_shipped(
    agent: FlaskClient, warehouse: Client, order: Json
) -> None:
    again = refresh_in(agent.get(f"/console/orders/{order['id']}/cancel").text)
    unchanged = agent.get(again)

    ship_a_unit(order, warehouse)

    assert unchanged.status_code == 204
    assert [label for label, _ in disabled_in(agent.get(again).text)] == ["Yes, cancel the order"]
