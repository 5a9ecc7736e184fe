"""The guided step "Refund": choose, see what it does and who must approve it, confirm once."""

import re
from typing import Any
from uuid import uuid4

import pytest
import responses
from flask.testing import FlaskClient

from order_api.words import Role
from tests.factories.companies import STAFF, Company
from tests.factories.orders import Json
from tests.factories.refunds import Refunds, off, paid_order, three_lines, written_off
from tests.fixtures.pages import hidden_in, log_in, token_in
from tests.fixtures.service import NOWHERE, Client

TABLE = f"{NOWHERE}/decision-definition/key/refund-approval/evaluate"
SERVICE = {Role.ORDER_ADMIN, Role.CSR_ADMIN, Role.CSR_ASSOCIATE}
ONE_BROKEN = {"broken:1": "1", "reason": "arrived_broken"}


@pytest.fixture
def refunds(channel: Client) -> Refunds:
    return paid_order(channel)


def address(refunds: Refunds) -> str:
    return f"/console/orders/{refunds.money.id}/refund"


def preview(agent: FlaskClient, refunds: Refunds, **typed: str) -> Any:
    form = {"csrf_token": token_in(agent.get(address(refunds)).text), "key": uuid4().hex, **typed}
    return agent.post(f"{address(refunds)}/preview", data=form)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub("</?bdi>", "", page)).split()).replace(" .", ".")


def confirm(agent: FlaskClient, refunds: Refunds, page: str, **typed: str) -> Any:
    [digest] = re.findall('name="digest" value="([^"]+)"', page)
    return agent.post(address(refunds), data={**hidden_in(page), "digest": digest, **typed})


def of_order(refunds: Refunds) -> list[Json]:
    return list(refunds.order()["refunds"])


def shipping(refunds: Refunds) -> str:
    return f"charge:{refunds.order()['ship_groups'][0]['charges'][0]['id']}"


def test_one_of_three_arrived_broken_and_the_shipping_goes_back_too(agent: FlaskClient, refunds: Refunds) -> None:
    typed = {**ONE_BROKEN, shipping(refunds): "whole", "note": "Photo came\r\nby mail."}

    page = preview(agent, refunds, **typed).text
    nothing_yet = of_order(refunds)
    answer = confirm(agent, refunds, page, **typed)

    shown = text_of(page)
    assert "Thing 1 1 unit; net 18.20; state 8.25 %: 1.50 19.70" in shown
    assert "Shipping net 5.99; state 8.25 %: 0.49 6.48" in shown
    assert "Off the bill 26.18 USD To Card 26.18 To the customer 26.18 USD" in shown
    assert "The order costs 90.31 USD instead of 116.49 USD." in shown
    assert "We have paid back 26.18 USD for your order" in shown
    assert nothing_yet == []
    [refund] = of_order(refunds)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/console/orders/{refunds.money.id}")
    assert f"Refund {refund['number']} over 26.18 USD was asked for." in agent.get(answer.headers["Location"]).text
    assert refunds.read(refund["number"])["note"] == "Photo came\nby mail."


def test_a_second_click_asks_for_nothing_more_and_is_told_the_same(agent: FlaskClient, refunds: Refunds) -> None:
    page = preview(agent, refunds, **ONE_BROKEN).text

    answers = [confirm(agent, refunds, page, **ONE_BROKEN) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(of_order(refunds)) == 1
    assert agent.get(answers[1].headers["Location"]).text.count("was asked for.") == 2


def test_lost_units_are_lost_and_money_can_go_outside(agent: FlaskClient, refunds: Refunds) -> None:
    typed = {"lost:3": "2", "reason": "lost_on_the_way", "destination": "outside"}

    page = preview(agent, refunds, **typed).text
    confirm(agent, refunds, page, **typed)

    [refund] = of_order(refunds)
    assert (refund["amount"], refund["destination"]) == ("6.56", "outside")
    assert "2 units" in text_of(page)
    assert "Outside, for what Card paid 6.56" in text_of(page)


def test_an_amount_off_the_price_of_the_order_is_split_over_what_has_shipped(
    agent: FlaskClient, refunds: Refunds
) -> None:
    typed = {"reduction": "6.95", "reason": "price_promised"}

    page = preview(agent, refunds, **typed).text
    confirm(agent, refunds, page, **typed)

    assert [refund["amount"] for refund in of_order(refunds)] == ["6.95"]
    assert text_of(page).count("net ") == 4


def test_what_was_written_off_ends_and_nothing_goes_back(agent: FlaskClient, channel: Client) -> None:
    refunds = written_off(channel)

    shown = text_of(preview(agent, refunds, **ONE_BROKEN).text)

    assert "of which was written off, and is no loss any more 19.70 To the customer 0.00 USD" in shown
    assert "The customer will read" not in shown


# Who must approve it.


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"approval": "at_once"}, "It is granted at once; no supervisor needs to approve it."),
        (
            {"approval": "supervisor", "approval_words": "Above 10.00 USD."},
            "A supervisor must approve it. Until then it holds its units and its money. Above 10.00 USD.",
        ),
        ({"approval": "refused", "approval_words": "Too many."}, "The approval rules refuse it. Too many."),
    ],
)
def test_the_preview_says_who_must_approve_in_the_words_of_the_table(
    agent: FlaskClient, refunds: Refunds, answer: dict[str, str], sentence: str
) -> None:
    with responses.RequestsMock() as engine:
        engine.post(TABLE, json=[{name: {"value": value} for name, value in answer.items()}])
        page = preview(agent, refunds, **ONE_BROKEN).text

    assert sentence in text_of(page)


def test_without_the_engine_the_page_cannot_tell_and_the_refund_can_be_asked_for(
    agent: FlaskClient, refunds: Refunds
) -> None:
    page = preview(agent, refunds, **ONE_BROKEN).text

    assert "We cannot tell whether a supervisor must approve it: the workflow engine does not answer." in text_of(page)
    assert confirm(agent, refunds, page, **ONE_BROKEN).status_code == 303


# What is refused.


@pytest.mark.parametrize(
    ("typed", "status", "problem"),
    [
        ({"reduction": "6,95"}, 422, "Enter the amount with digits and a point, such as 6.95."),
        ({"reduction": "6.955"}, 422, "USD has 2 decimals."),
        ({"reduction": "0"}, 422, "Must be above zero."),
        ({"reduction": "200"}, 409, "Less than that remains of the order."),
        ({"broken:3": "1", "off:2": "1.999"}, 422, "USD has 2 decimals."),
        ({"off:2": "500"}, 409, "Less than that remains of the line."),
        ({"broken:1": "1,5"}, 422, "Enter whole numbers of units, such as 2."),
        ({"broken:1": "-1"}, 422, "Enter whole numbers of units, such as 2."),
        ({"broken:1": "4"}, 409, "Line 1: only 3 units that shipped can still be given back."),
        ({"broken:1": "1", "lost:1": "1"}, 422, "request one refund for each."),
        ({"broken:1": "1", "reduction": "5.00"}, 422, "A reduction of the whole order stands alone."),
        ({}, 422, "Name what is given back."),
        ({"broken:1": "1", "reason": "bored"}, 422, "bored is no reason for a refund here."),
        ({"broken:1": "1", "note": "x" * 501}, 422, "Needs 1 to 500 characters."),
    ],
)
def test_what_cannot_be_refunded_is_said_and_the_form_stays_filled(
    agent: FlaskClient, refunds: Refunds, typed: dict[str, str], status: int, problem: str
) -> None:
    answer = preview(agent, refunds, **{"reason": "arrived_broken", **typed})

    assert answer.status_code == status
    assert problem in text_of(answer.text)
    assert 'role="alert"' in answer.text
    assert "refund-yes" not in answer.text
    assert all(f'value="{text}"' in answer.text for name, text in typed.items() if name.startswith("broken"))


def test_a_refund_that_changed_since_its_preview_is_refused_with_a_new_preview(
    agent: FlaskClient, refunds: Refunds
) -> None:
    page = preview(agent, refunds, **ONE_BROKEN).text
    refunds.paid(**off("3.00", "1"))
    stale = confirm(agent, refunds, page, **ONE_BROKEN)
    version = str(refunds.order()["version"])
    form = {**hidden_in(page), "version": version, "digest": "of another preview", **ONE_BROKEN}

    outdated = agent.post(address(refunds), data=form)

    assert (stale.status_code, outdated.status_code) == (412, 409)
    assert "Refund paid" in stale.text
    assert "Look at a new preview." in outdated.text
    assert "Off the bill 18.70 USD" in text_of(outdated.text)
    assert confirm(agent, refunds, outdated.text, **ONE_BROKEN).status_code == 303


def test_a_refund_that_was_not_previewed_is_refused(agent: FlaskClient, refunds: Refunds) -> None:
    page = preview(agent, refunds, **ONE_BROKEN).text

    answer = agent.post(address(refunds), data={**hidden_in(page), **ONE_BROKEN})

    assert answer.status_code == 422
    assert of_order(refunds) == []


def test_while_another_refund_of_the_line_waits_the_page_names_it(agent: FlaskClient, refunds: Refunds) -> None:
    number = refunds.asked(**off("3.00", "1"))

    answer = preview(agent, refunds, **ONE_BROKEN)

    assert answer.status_code == 409
    assert f"{number} waits for its approval and concerns the same line or charge." in answer.text


# What is offered, and to whom.


def test_the_form_shows_what_is_left_of_each_line_and_charge(agent: FlaskClient, refunds: Refunds) -> None:
    charge = shipping(refunds).removeprefix("charge:")
    refunds.paid(items=[{"line_id": "1", "quantity": 2, "goods": "broken"}], charges=[{"charge_id": charge}])
    refunds.paid(items=[{"line_id": "2", "quantity": 1, "goods": "lost"}])

    shown = text_of(agent.get(address(refunds)).text)

    assert "line 1; 1 of 3 can be given back" in shown
    assert "line 2; The customer has got a remedy for these units already." in shown
    assert "Shipping: Nothing remains of the charge." in shown


def test_only_the_reasons_of_the_collection_are_offered_in_its_words(agent: FlaskClient, refunds: Refunds) -> None:
    page = agent.get(address(refunds)).text

    assert "A lower price was promised" in page
    assert page.count('name="reason"') == 9


def test_nothing_is_refunded_before_anything_has_shipped(agent: FlaskClient, channel: Client) -> None:
    refunds = Refunds(channel, three_lines(channel))

    order = agent.get(f"/console/orders/{refunds.money.id}").text
    page = agent.get(address(refunds)).text

    why = "Nothing has shipped, so there is nothing to give back."
    assert f'id="refund-why-not">{why}' in order
    assert why in page
    assert "choose-form" not in page


@pytest.mark.parametrize("role", list(STAFF))
def test_a_role_that_may_not_refund_is_told_so_and_gets_no_form(
    visitor: FlaskClient, company: Company, refunds: Refunds, role: Role
) -> None:
    log_in(visitor, company.staff[role])
    page = visitor.get(f"/console/orders/{refunds.money.id}").text
    form = {"csrf_token": token_in(page), "key": "k", **ONE_BROKEN}

    answers = [visitor.get(address(refunds)), visitor.post(f"{address(refunds)}/preview", data=form)]

    is_allowed = role in SERVICE
    assert [answer.status_code for answer in answers] == ([200, 200] if is_allowed else [403, 403])
    assert ('id="refund-offer"' in page) is is_allowed
    assert ("Your role may not give money back. Customer service can." in page) is not is_allowed
    assert visitor.post(address(refunds), data=form).status_code == (412 if is_allowed else 403)


def test_the_order_of_another_collection_is_not_found(agent: FlaskClient, stranger: Client) -> None:
    foreign = paid_order(stranger)
    token = token_in(agent.get("/console/orders").text)

    posted = agent.post(f"{address(foreign)}/preview", data={"csrf_token": token, **ONE_BROKEN})

    assert (agent.get(address(foreign)).status_code, posted.status_code) == (404, 404)


def test_the_preview_after_the_end_of_the_log_in_leads_to_the_form(agent: FlaskClient, refunds: Refunds) -> None:
    answer = agent.get(f"{address(refunds)}/preview")

    assert (answer.status_code, answer.headers["Location"]) == (302, address(refunds))
