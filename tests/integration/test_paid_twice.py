"""A refund was paid twice, because the provider paid what it had declined: a task until a person explains it."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from order_api.core.database import transaction
from order_api.outbox.models import OutboxRow
from order_api.refunds.paid_twice import explain_surplus
from tests.factories.disorder import (
    declined_then_tried_again,
    declined_twice_then_paid_outside,
    findings,
    first_try,
)
from tests.factories.gateway_events import report
from tests.factories.refunds import WORKER, Refunds, paid_order
from tests.fixtures.service import Client

PROCESS = "refund-paid-twice"
SUMS = ("refunded", "written_off", "outstanding")


@pytest.fixture
def twice(channel: Client) -> tuple[Refunds, str]:
    """19.70 of an order were declined, paid by a second try, and then made by the gateway after all."""
    refunds, number, _ = declined_then_tried_again(channel)
    first = first_try(refunds)
    refunds.pay(number)
    report(refunds.client, "refund_done", first)
    return refunds, number


def explain(refunds: Refunds, number: str, decision: object, reference: object = "BANK-2", **more: str) -> str:
    """As after the form has shown the present sum."""
    task = {"task_id": str(uuid4()), "shown": shown(refunds, number)} | more
    with transaction() as session:
        subject = refunds.subject(session, number)
        return explain_surplus(session, WORKER, subject, decision=decision, reference=reference, **task)


def shown(refunds: Refunds, number: str) -> str:
    with transaction() as session:
        subject = refunds.subject(session, number)
        return explain_surplus(session, WORKER, subject, str(uuid4()), decision=None, reference=None, shown=None)


def starts(number: str) -> list[OutboxRow]:
    of_process = OutboxRow.business_key == number, OutboxRow.kind == "start", OutboxRow.process == PROCESS
    with transaction() as session:
        return list(session.scalars(select(OutboxRow).where(*of_process).order_by(OutboxRow.id)))


def messages(number: str) -> list[str]:
    of_process = OutboxRow.business_key == number, OutboxRow.kind == "message", OutboxRow.state == "pending"
    with transaction() as session:
        return list(session.scalars(select(OutboxRow.name).where(*of_process)))


def events_of(refunds: Refunds) -> list[str]:
    answer = refunds.client.get(f"/v1/orders/{refunds.money.id}/history", limit="200")
    return [event["event"] for event in answer.get_json()["events"]]


def test_it_opens_one_task_however_often_the_gateway_says_so(twice: tuple[Refunds, str]) -> None:
    refunds, number = twice
    report(refunds.client, "refund_done", first_try(refunds))
    refunds.pay(number)

    [start] = starts(number)
    assert (start.payload["refund_number"], start.payload["refund_amount"]) == (number, "19.70")
    assert events_of(refunds).count("refund.paid_twice") == 1
    assert refunds.sums(*SUMS) == ("39.40", "0.00", "19.70")
    assert explain(refunds, number, None) == "19.70"


def test_money_that_came_back_is_booked_once_with_its_reference(twice: tuple[Refunds, str]) -> None:
    refunds, number = twice

    assert [explain(refunds, number, "came_back") for _ in range(2)] == ["", ""]

    assert refunds.sums(*SUMS) == ("19.70", "0.00", "0.00")
    [back] = [row for row in refunds.order()["payments"] if row["kind"] == "refund_reversed"]
    assert (back["amount"], back["reference"]) == ("19.70", "BANK-2")
    assert events_of(refunds).count("refund.surplus_came_back") == 1
    assert findings(refunds.money) == []


def test_money_that_is_given_up_is_written_off_once(twice: tuple[Refunds, str]) -> None:
    refunds, number = twice

    assert [explain(refunds, number, "written_off") for _ in range(2)] == ["", ""]

    assert refunds.sums(*SUMS) == ("39.40", "19.70", "0.00")
    assert events_of(refunds).count("payment.written_off") == 1
    assert findings(refunds.money) == []


def test_what_the_bank_sends_back_ends_the_task(twice: tuple[Refunds, str]) -> None:
    refunds, number = twice

    report(refunds.client, "refund_failed", first_try(refunds))

    assert messages(number) == ["refund-surplus-changed"]
    assert explain(refunds, number, None) == ""
    assert messages(number) == []
    assert refunds.sums(*SUMS) == ("19.70", "0.00", "0.00")
    assert findings(refunds.money) == []


def test_what_the_bank_sends_back_after_it_was_written_off_is_no_loss(twice: tuple[Refunds, str]) -> None:
    refunds, number = twice
    explain(refunds, number, "written_off")

    report(refunds.client, "refund_failed", first_try(refunds))

    assert messages(number) == []
    assert refunds.sums(*SUMS) == ("19.70", "0.00", "0.00")
    assert findings(refunds.money) == []


def test_no_valid_decision_books_nothing(twice: tuple[Refunds, str]) -> None:
    refunds, number = twice

    assert explain(refunds, number, "gift") == "19.70"
    assert refunds.sums(*SUMS) == ("39.40", "0.00", "19.70")


def test_what_goes_once_more_after_the_task_has_ended_opens_it_again(channel: Client) -> None:
    refunds = paid_order(channel, "tok_decline_refund")
    number, first, second = declined_twice_then_paid_outside(refunds)

    report(refunds.client, "refund_done", first)
    explain(refunds, number, "came_back", "BANK-2")
    report(refunds.client, "refund_done", second)

    assert len(starts(number)) == 2
    assert explain(refunds, number, "came_back", "BANK-3") == ""
    assert refunds.sums(*SUMS) == ("19.70", "0.00", "0.00")
    assert findings(refunds.money) == []
