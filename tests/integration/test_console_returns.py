"""Returns in the console: announced for a caller, received at a dock, judged, listed."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import responses
from flask.testing import FlaskClient

from order_api.core import clock
from order_api.words import Role
from tests.factories.companies import STAFF, Company
from tests.factories.fates import change
from tests.factories.refunds import paid_order
from tests.factories.returned_goods import POLICY, Returns
from tests.fixtures.pages import hidden_in, log_in, token_in
from tests.fixtures.service import NOWHERE, Client
from tests.integration.test_console_refund import text_of

TABLE = f"{NOWHERE}/decision-definition/key/{{}}/evaluate"
TOO_SMALL = {"units:1": "2", "reason": "too_small"}


def address(returns: Returns) -> str:
    return f"/console/orders/{returns.money.id}/return"


def preview(agent: FlaskClient, returns: Returns, **typed: str) -> Any:
    form = {"csrf_token": token_in(agent.get(address(returns)).text), "key": uuid4().hex, **typed}
    return agent.post(f"{address(returns)}/preview", data=form)


def tables_say(calls: responses.RequestsMock, *fees: dict[str, Any], **policy: Any) -> None:
    for table, rows in (("return-policy", [POLICY | policy]), ("return-fees", fees)):
        answered = [{name: {"value": value} for name, value in row.items()} for row in rows]
        calls.post(TABLE.format(table), body=json.dumps(answered))


def page_of(agent: FlaskClient, returns: Returns, number: str) -> str:
    return agent.get(f"/console/orders/{returns.money.id}/returns/{number}").text


def act(agent: FlaskClient, returns: Returns, number: str, what: str, **typed: str) -> Any:
    path = f"/console/orders/{returns.money.id}/returns/{number}"
    return agent.post(f"{path}/{what}", data={**form_of(page_of(agent, returns, number)), **typed})


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the forms on the page of a return."""
    [key, *_] = re.findall('name="key" value="([^"]+)"', page)
    return {"key": key, "csrf_token": token_in(page)}


def test_a_return_is_previewed_and_announced_for_a_caller(agent: FlaskClient, returns: Returns) -> None:
    with responses.RequestsMock() as calls:
        fee = {"type": "late", "words": "Late by 4 days: 10 % kept", "percent": 10}
        tables_say(calls, fee, decision="accept", refund_when="inspected")
        page = preview(agent, returns, **TOO_SMALL, comment="Runs small.").text
    nothing_yet = returns.refunds.order()["returns"]

    answer = agent.post(address(returns), data={**hidden_in(page), **TOO_SMALL, "comment": "Runs small."})

    words = text_of(page)
    for sentence in ("It may come back.", "Late by 4 days: 10 % kept.", "Kept: late", "−3.94", "35.46"):
        assert sentence in words, words
    assert nothing_yet == []
    [head] = returns.refunds.order()["returns"]
    assert (answer.status_code, head["units"]) == (303, 2)
    assert head["number"] in agent.get(answer.headers["Location"]).text


def test_a_line_may_have_a_reason_of_its_own(agent: FlaskClient, returns: Returns) -> None:
    typed = {"units:1": "1", "units:2": "1", "why:2": "wrong_item", "reason": "too_small"}
    page = preview(agent, returns, **typed).text
    agent.post(address(returns), data={**hidden_in(page), **typed})

    [head] = returns.refunds.order()["returns"]
    lines = returns.refunds.client.get(f"/v1/returns/{head['number']}").get_json()["lines"]
    assert [(line["line_id"], line["reason"]) for line in lines] == [("1", "too_small"), ("2", "wrong_item")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"units:1": "two", "reason": "too_small"}, "Enter whole numbers of units, such as 2."),
        ({"units:1": "9", "reason": "too_small"}, "only 3 units that shipped can still be given back"),
        ({"reason": "too_small"}, "Nothing was done yet. Correct the field that is marked."),
        ({"units:1": "1"}, "Nothing was done yet. Correct the field that is marked."),
    ],
)
def test_what_makes_no_sense_is_said_and_what_was_typed_stays(
    agent: FlaskClient, returns: Returns, typed: dict[str, str], said: str
) -> None:
    answer = preview(agent, returns, **typed)

    assert answer.status_code in (409, 422)
    assert said in text_of(answer.text)
    assert all(f'value="{text}"' in answer.text for text in typed.values())


def test_a_refund_that_waits_is_said_beside_the_form_and_what_was_typed_stays(
    agent: FlaskClient, returns: Returns
) -> None:
    waiting = returns.refunds.asked(price_reductions=[{"amount": "1.00", "line_id": "1"}])
    with responses.RequestsMock() as calls:
        tables_say(calls, decision="accept")
        answer = preview(agent, returns, **TOO_SMALL)

    assert answer.status_code == 409
    assert waiting in text_of(answer.text)
    assert all(f'value="{text}"' in answer.text for text in TOO_SMALL.values())


def test_a_table_that_refuses_says_why_before_anything_is_announced(agent: FlaskClient, returns: Returns) -> None:
    with responses.RequestsMock() as calls:
        tables_say(calls, decision="refuse", words="Final sale.")
        page = text_of(preview(agent, returns, **TOO_SMALL).text)

    assert "It cannot come back. Final sale." in page
    assert "Announce it all the same" in page


def test_goods_are_received_and_judged_on_the_page_of_the_return(
    visitor: FlaskClient, company: Company, returns: Returns
) -> None:
    number = returns.approved(_1=2)
    log_in(visitor, company.staff[Role.CSR_ADMIN])

    received = act(visitor, returns, number, "receive", **{"arrived:1": "2", "reference": "DOCK-1"})
    page = page_of(visitor, returns, number)
    [receipt] = re.findall('name="receipt_id" value="([^"]+)"', page)
    judged = act(
        visitor,
        returns,
        number,
        "verdicts",
        **{"receipt_id": receipt, "verdict:1:1": "resellable", "verdict:1:2": "scrap"},
    )

    assert (received.status_code, judged.status_code) == (303, 303)
    assert "2 units: waits for a verdict" in text_of(page)
    words = text_of(page_of(visitor, returns, number))
    assert "1 unit: as new: back into stock" in words
    assert "1 unit: worthless: scrap" in words
    assert [row[3] for row in returns.units(number)] == ["resellable", "scrap"]


def test_a_second_click_on_receive_receives_once(visitor: FlaskClient, company: Company, returns: Returns) -> None:
    number = returns.approved(_1=2)
    log_in(visitor, company.staff[Role.CSR_ADMIN])
    form = form_of(page_of(visitor, returns, number)) | {"arrived:1": "1", "reference": "DOCK-1"}
    path = f"/console/orders/{returns.money.id}/returns/{number}/receive"

    answers = [visitor.post(path, data=form).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert [row[2:4] for row in returns.units(number)] == [(1, "pending"), (1, None)]


def test_a_return_is_canceled_with_a_reason(agent: FlaskClient, returns: Returns) -> None:
    number = returns.approved(_1=2)

    act(agent, returns, number, "cancel", reason="Keeps them.")

    assert returns.state(number) == "canceled"
    assert "Cancel the return" not in page_of(agent, returns, number)


def test_an_act_on_a_return_of_another_order_is_not_found(
    agent: FlaskClient, channel: Client, returns: Returns
) -> None:
    number, other = returns.approved(_1=2), Returns(paid_order(channel))

    answer = agent.post(
        f"/console/orders/{other.money.id}/returns/{number}/cancel",
        data={"reason": "Not his.", "csrf_token": token_in(page_of(agent, returns, number))},
    )

    assert (answer.status_code, returns.state(number)) == (404, "expected")


def test_the_dock_opens_a_return_by_its_number_its_order_or_a_scan(
    visitor: FlaskClient, company: Company, returns: Returns
) -> None:
    number = returns.approved(_1=1)
    returns.scan(number, f"DHL-{number}")
    log_in(visitor, company.staff[Role.STORE_OPERATOR])

    opened = [
        visitor.get("/console/receive", query_string={"q": asked}).headers.get("Location", "")
        for asked in (number, number.lower(), returns.refunds.order()["number"], f"DHL-{number}")
    ]
    unknown = visitor.get("/console/receive", query_string={"q": "NO-SUCH"})

    assert {location.rpartition("/")[2] for location in opened} == {number}
    assert "No return for “<bdi>NO-SUCH</bdi>”" in unknown.text
    assert 'name="q" type="search" value=""' in unknown.text


def test_several_returns_of_an_order_are_offered(visitor: FlaskClient, company: Company, returns: Returns) -> None:
    numbers = [returns.approved(_1=1), returns.approved(_2=1)]
    log_in(visitor, company.staff[Role.STORE_OPERATOR])

    page = visitor.get("/console/receive", query_string={"q": returns.refunds.order()["number"]}).text

    assert all(number in page for number in numbers)


def test_returns_are_listed_by_state_and_those_expected_today(agent: FlaskClient, returns: Returns) -> None:
    number = returns.approved(policy={"days_to_arrive": 0}, _1=1)
    later = returns.approved(policy={"days_to_arrive": 9}, _2=1)

    def listed(**query: str) -> str:
        return agent.get("/console/returns", query_string=query).text

    assert number in listed()
    assert later in listed(state="expected")
    assert (number in listed(view="today"), later in listed(view="today")) == (True, False)
    assert number not in listed(state="completed")


def test_today_is_a_day_of_the_collections_calendar(
    agent: FlaskClient, returns: Returns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At noon in Greenwich a new day has begun on Kiritimati."""
    set_zone = (
        "UPDATE order_collections SET stored_properties = stored_properties || jsonb_build_object('time_zone', {})"
    )
    noon = (clock.now() + timedelta(days=1)).replace(hour=12)
    monkeypatch.setattr(clock, "now", lambda: noon)
    change(returns.money, set_zone.format("'Pacific/Kiritimati'::text"))
    number = returns.approved(policy={"days_to_arrive": 0}, _1=1)

    there = agent.get("/console/returns?view=today").text
    change(returns.money, set_zone.format("'UTC'::text"))
    here = agent.get("/console/returns?view=today").text

    assert (number in there, number in here) == (True, False)


@pytest.mark.parametrize("role", STAFF)
def test_every_role_sees_what_it_may_do(visitor: FlaskClient, company: Company, returns: Returns, role: Role) -> None:
    number = returns.approved(_1=1)
    log_in(visitor, company.staff[role])

    page = page_of(visitor, returns, number)

    receives = {Role.ORDER_ADMIN, Role.CSR_ADMIN, Role.STORE_OPERATOR}
    announces = receives | {Role.CSR_ASSOCIATE}
    assert ("Receive these goods" in page) is (role in receives)
    assert ('id="cancel-form"' in page) is (role in announces)
    assert (visitor.get("/console/receive").status_code == 200) is (role in receives)
    assert (visitor.get(address(returns)).status_code == 200) is (role in announces)
