"""A mail that can never be sent is given up at once and recorded in the history; others are retried (J7)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from order_api.camunda.names import Topic
from order_api.core.database import transaction
from order_api.notifications.models import Notification
from order_api.outbox.claims import SendResult
from order_api.outbox.models import OutboxRow, RowKind, RowState
from tests.factories.flows import Flow, Step
from tests.fixtures.mail_servers import refusing_mail_server
from tests.fixtures.service import Client
from tests.fixtures.system import mail_catcher
from workers.deliver_row import deliver_row

UNKNOWN = "550 5.1.1 <ada@example.com>: no such mailbox"
LeadTo = Callable[[int], None]


@pytest.fixture
def row(flow: Flow) -> OutboxRow:
    """A mail that is due."""
    flow.walk(Step(Topic.NOTIFY_CUSTOMER, {"notice": "order_confirmed"}))
    with transaction() as session:
        its = select(OutboxRow).where(OutboxRow.business_key == flow.order["number"], OutboxRow.kind == RowKind.MAIL)
        return session.scalars(its).one()


def not_sent(channel: Client, row: OutboxRow) -> list[dict[str, Any]]:
    [order] = channel.get("/v1/orders", number=row.business_key).get_json()["orders"]
    events = channel.get(f"/v1/orders/{order['id']}/history").get_json()["events"]
    return [event for event in events if event["event"] == "notice.not_sent"]


def answer_of_server(row: OutboxRow, mail_server_at: LeadTo, command: str, answer: str) -> SendResult:
    with refusing_mail_server(command, answer) as port:
        mail_server_at(port)
        return deliver_row(row)


def test_a_mail_that_the_server_refuses_for_good_is_given_up_and_the_history_says_why(
    row: OutboxRow, channel: Client, mail_server_at: LeadTo, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = answer_of_server(row, mail_server_at, "RCPT", UNKNOWN)

    [event] = not_sent(channel, row)
    assert answer.state == RowState.DROPPED
    assert (event["reason"], event["details"]["notice"]) == ("mail_refused", "order_confirmed")
    assert event["details"]["answer"] == answer.reason == "The mail server refused this mail for good, with code 550."
    assert "ada@" not in "".join([*capfd.readouterr(), str(event), str(answer.reason)])


def test_a_refused_mail_that_is_sent_again_after_a_relay_died_has_one_entry_in_the_history(
    row: OutboxRow, channel: Client, mail_server_at: LeadTo
) -> None:
    answers = [answer_of_server(row, mail_server_at, "RCPT", UNKNOWN) for _ in range(2)]

    assert [answer.state for answer in answers] == [RowState.DROPPED] * 2
    assert len(not_sent(channel, row)) == 1


def test_a_mail_to_an_address_that_is_not_valid_in_a_header_is_given_up(
    row: OutboxRow, channel: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    """Orders placed before the API refused such addresses may have one."""
    with transaction() as session:
        of_the_order = update(Notification).where(Notification.id == UUID(row.payload["notification_id"]))
        session.execute(of_the_order.values(recipient="=?utf-8?q?ceo=40bank.example=2C?=@example.com"))

    answer = deliver_row(row)

    [event] = not_sent(channel, row)
    assert answer.state == RowState.DROPPED
    assert event["details"]["answer"] == "The e-mail address is not valid in a mail header."
    assert "bank" not in "".join([*capfd.readouterr(), str(event), str(answer.reason)])


def test_a_mail_that_the_server_does_not_take_today_is_tried_again(
    row: OutboxRow, channel: Client, mail_server_at: LeadTo
) -> None:
    answer = answer_of_server(row, mail_server_at, "DATA", "452 The disk is full")
    with mail_catcher() as (mailbox, port):
        mail_server_at(port)
        again = deliver_row(row)

    assert (answer.state, again.state) == (RowState.PENDING, RowState.DELIVERED)
    assert not_sent(channel, row) == []
    assert len(mailbox.mails) == 1


def test_an_operator_may_have_a_refused_mail_sent_again(row: OutboxRow, mail_server_at: LeadTo) -> None:
    answer_of_server(row, mail_server_at, "RCPT", UNKNOWN)

    with mail_catcher() as (mailbox, port):
        mail_server_at(port)
        again = deliver_row(row)

    assert again.state == RowState.DELIVERED
    assert len(mailbox.mails) == 1
