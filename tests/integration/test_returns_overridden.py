"""A supervisor decides otherwise than the tables: allows what they refuse, waives fees, adds a surcharge."""

import json
from typing import Any
from uuid import uuid4

import pytest
import responses
from flask import Flask

from order_api.returns.judge import Judged
from order_api.words import Role
from tests.factories.orders import Json
from tests.factories.returned_goods import POLICY, RESTOCKING, Returns
from tests.fixtures.service import NOWHERE, Client
from tests.integration.test_refunds import person

TABLE = f"{NOWHERE}/decision-definition/key/{{}}/evaluate"
REASON = {"reason": "A good customer."}
ALL: Json = {"allow": True, "waive_fees": True, "surcharge": "2.00", **REASON}


@pytest.fixture
def supervisor(app: Flask, channel: Client) -> Client:
    return person(app, channel, Role.CSR_ADMIN)


def body(override: Json | None = None, of_line: Json | None = None) -> Json:
    item = {"line_id": "1", "quantity": 1, "reason": "changed_mind"}
    return {"items": [item | ({"override": of_line} if of_line else {})]} | ({"override": override} if override else {})


def announce(client: Client, returns: Returns, sent: Json) -> Any:
    return client.post(f"/v1/orders/{returns.money.id}/returns", sent, Idempotency_Key=str(uuid4()))


@pytest.mark.parametrize(
    ("override", "decision", "paid_back"),
    [
        ({"allow": True}, "refuse", "17.73"),
        ({"allow": True, "waive_fees": True}, "approve", "19.70"),
        ({"waive_fees": True}, "accept", "19.70"),
        ({"surcharge": "2.00"}, "accept", "15.73"),
        (ALL, "refuse", "17.70"),
    ],
)
def test_what_a_supervisor_decides_counts_in_the_preview_and_for_the_money(
    supervisor: Client, returns: Returns, override: Json, decision: str, paid_back: str
) -> None:
    sent = body({**override, **REASON})
    with responses.RequestsMock() as calls:
        for table, row in (("return-policy", POLICY | {"decision": decision}), ("return-fees", RESTOCKING)):
            calls.post(TABLE.format(table), body=json.dumps([{name: {"value": v} for name, v in row.items()}]))
        preview = supervisor.post(f"/v1/orders/{returns.money.id}/returns/preview", sent).get_json()

    number = announce(supervisor, returns, sent).get_json()["number"]
    assert returns.judge(number, RESTOCKING, decision=decision) == Judged.ACCEPTED
    returns.arrive(number, "DOCK-1", {"_1": 1})

    assert (preview["decision"], preview["paid_back"]) == ("accept", paid_back)
    assert returns.paid_back(*returns.give_back(number)) == [paid_back]


def test_the_history_and_the_return_say_who_decided_otherwise_and_why(supervisor: Client, returns: Returns) -> None:
    number = announce(supervisor, returns, body(of_line=ALL)).get_json()["number"]

    words = "allowed, fees waived, surcharge 2.00: A good customer."
    [line] = supervisor.get(f"/v1/returns/{number}").get_json()["lines"]
    assert line["override"] == words
    events = supervisor.get(f"/v1/orders/{returns.money.id}/history").get_json()["events"]
    [event] = [each for each in events if each["event"] == "return.overridden"]
    assert (event["reason"], event["actor_id"]) == (words, returns.refunds.client.company.staff[Role.CSR_ADMIN])


def test_a_line_may_be_decided_otherwise_than_the_return(supervisor: Client, returns: Returns) -> None:
    sent = body({"waive_fees": True, **REASON}, of_line={"surcharge": "1.00", **REASON})
    number = announce(supervisor, returns, sent).get_json()["number"]

    returns.judge(number, RESTOCKING)
    returns.arrive(number, "DOCK-1", {"_1": 1})

    assert returns.paid_back(*returns.give_back(number)) == ["16.73"]


@pytest.mark.parametrize("who", ["channel", "associate"])
def test_others_may_not_decide_otherwise(app: Flask, channel: Client, returns: Returns, who: str) -> None:
    client = channel if who == "channel" else person(app, channel)

    answers = [
        announce(client, returns, body(ALL)),
        client.post(f"/v1/orders/{returns.money.id}/returns/preview", body(ALL)),
    ]

    assert [(answer.status_code, answer.get_json()["code"]) for answer in answers] == [(403, "permission_missing")] * 2
    assert returns.refunds.order()["returns"] == []


@pytest.mark.parametrize(
    ("override", "field"),
    [
        ({"allow": True}, "override.reason"),
        (REASON, "override.allow"),
        ({"surcharge": "0.00", **REASON}, "override.surcharge"),
        ({"surcharge": "0.001", **REASON}, "override.surcharge"),
    ],
)
def test_a_senseless_decision_is_refused(supervisor: Client, returns: Returns, override: Json, field: str) -> None:
    answer = announce(supervisor, returns, body(override))

    assert (answer.status_code, [error["field"] for error in answer.get_json()["errors"]]) == (422, [field])
