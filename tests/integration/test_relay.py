"""The relay's rounds: answers are written down, a failed round is repeated, and a stop loses nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from order_api.core import clock
from order_api.core.database import transaction
from order_api.outbox import claims
from order_api.outbox.claims import SendResult
from order_api.outbox.lanes import ENGINE, LANES
from order_api.outbox.models import OutboxRow, RowKind, RowState
from order_api.outbox.stuck import send_again
from tests.factories.outbox_rows import (
    SHIPPED,
    add_backorders,
    add_mail,
    add_message,
    add_notice_of_canceled_units,
    add_payment,
    add_payment_event,
    add_recall,
    add_start,
    add_stock,
    drop_rows_of_other_tests,
)
from tests.fixtures.system import HELD_UP, PATIENCE, wait_until
from workers.relay import Relay

SENDERS, MAX_HELD = LANES[ENGINE].senders, LANES[ENGINE].room


class Sending:
    """Replaces `deliver_row` and notes the rows. Rows of a `hanging` kind wait for `go_on`; all others are delivered at
    once."""

    def __init__(self) -> None:
        self.order = str(uuid4())
        self.hanging = set(RowKind)
        self.sent: list[int] = []
        self.go_on = threading.Event()

    def __call__(self, row: OutboxRow) -> SendResult:
        self.sent.append(row.id)
        if row.kind in self.hanging:
            self.go_on.wait(HELD_UP)
        return SendResult.delivered(row)


@pytest.fixture
def sending(migrated: None) -> Sending:
    drop_rows_of_other_tests()
    return Sending()


@contextmanager
def running(sending: Sending) -> Iterator[Relay]:
    relay = Relay(sending)
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        yield relay
    finally:
        relay.stop()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def rows_of(order: str) -> list[OutboxRow]:
    with transaction() as session:
        return list(session.query(OutboxRow).filter_by(business_key=order).order_by(OutboxRow.id))


def states(order: str) -> set[str]:
    return {row.state for row in rows_of(order)}


def test_a_row_that_an_operator_frees_while_it_is_being_sent_does_not_end_the_relay(sending: Sending) -> None:
    add_message(sending.order)
    with running(sending):
        wait_until(lambda: sending.sent)
        with transaction() as session:
            send_again(session, sending.sent[0])
        add_message(sending.order, SHIPPED, uuid4())
        wait_until(lambda: len(sending.sent) == 2, what="the relay in its next round")
        sending.go_on.set()
        wait_until(lambda: states(sending.order) == {RowState.DELIVERED})

    assert sending.sent.count(sending.sent[0]) == 2, "sent again, as the operator asked"


def test_a_round_that_fails_for_any_reason_is_repeated(sending: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    record_results, failures = claims.record_results, [ValueError("an unexpected error")]

    def fail_once(*arguments: object) -> list[SendResult]:
        if failures and arguments[1]:
            raise failures.pop()
        return record_results(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(claims, "record_results", fail_once)
    sending.go_on.set()
    with running(sending):
        add_message(sending.order)
        wait_until(lambda: states(sending.order) == {RowState.DELIVERED})

    assert failures == []
    assert len(sending.sent) == 1


def test_a_relay_that_claimed_all_it_could_looks_for_more_at_once(sending: Sending) -> None:
    """The relay gets no notification for old rows."""
    for _ in range(MAX_HELD + 1):
        add_message(sending.order, SHIPPED, uuid4())

    relay = Relay(sending)

    assert [relay._round(may_claim=True), relay._round(may_claim=True)] == [True, False], "the second finds no room"
    sending.go_on.set()
    wait_until(lambda: len(relay._results) == MAX_HELD)
    assert not relay._round(may_claim=True), "the results made room, and one row was left"
    wait_until(lambda: len(relay._results) == 1)
    relay._finish()
    assert states(sending.order) == {RowState.DELIVERED}


def test_a_stopping_relay_records_what_is_being_sent_and_gives_the_rest_back(sending: Sending) -> None:
    for _ in range(MAX_HELD):
        add_message(sending.order, SHIPPED, uuid4())
    with running(sending) as relay:
        wait_until(lambda: len(sending.sent) == SENDERS)
        wait_until(lambda: sum(row.claimed_until is not None for row in rows_of(sending.order)) == MAX_HELD)
        relay.stop()
        wait_until(lambda: sum(row.claimed_until is None for row in rows_of(sending.order)) == 8)
        sending.go_on.set()

    left = [row for row in rows_of(sending.order) if row.state == RowState.PENDING]
    assert len(left) == MAX_HELD - SENDERS
    assert all(row.claimed_until is None and row.due_at <= clock.now() for row in left)
    assert len(sending.sent) == SENDERS


OF_KIND = {
    RowKind.START: add_start,
    RowKind.MESSAGE: add_message,
    RowKind.MAIL: add_mail,
    RowKind.TAKE_STOCK: add_stock,
    RowKind.SERVE_BACKORDERS: add_backorders,
    RowKind.VOID_PAYMENT: add_payment,
    RowKind.HANDLE_PAYMENT_EVENT: add_payment_event,
    RowKind.RECALL_UNITS: add_recall,
    RowKind.NOTIFY_CANCELED: add_notice_of_canceled_units,
}


@pytest.mark.parametrize(
    "hanging",
    [
        {RowKind.START, RowKind.MESSAGE},
        {RowKind.MAIL, RowKind.NOTIFY_CANCELED},
        {RowKind.TAKE_STOCK, RowKind.SERVE_BACKORDERS},
        {RowKind.VOID_PAYMENT, RowKind.HANDLE_PAYMENT_EVENT},
        {RowKind.RECALL_UNITS},
        set(RowKind) - {RowKind.START, RowKind.MESSAGE},
    ],
    ids=["engine", "mail server", "inventory", "gateway", "warehouse", "all but the engine"],
)
def test_a_silent_receiver_holds_up_no_row_for_others(sending: Sending, hanging: set[RowKind]) -> None:
    sending.hanging = hanging
    for kind in hanging:
        for _ in range(3 * MAX_HELD):
            OF_KIND[kind](str(uuid4()))

    with running(sending):
        wait_until(lambda: len(sending.sent) >= SENDERS, what="those that hang")
        for kind in set(RowKind) - hanging:
            OF_KIND[kind](sending.order)
        wait_until(lambda: states(sending.order) == {RowState.DELIVERED})
        sending.go_on.set()
