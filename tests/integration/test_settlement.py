"""Each parcel is paid once in a flow of its own, and the order closes when the last one is paid."""

from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import update

from order_api.camunda.names import Process
from order_api.core.database import transaction
from order_api.outbox.models import OutboxRow, RowState
from order_api.outbox.subjects import Subject
from order_api.payments.errors import PaymentDeclined
from order_api.progress.processes import rebind
from order_api.settlement.announce_parcels import announce_unsettled_parcels
from order_api.settlement.mark_overdue import mark_overdue
from tests.factories.fates import rows
from tests.factories.money import Money
from tests.factories.orders import line
from tests.factories.stories import cancel_items, close_order
from tests.fixtures.service import Client


@pytest.fixture
def money(channel: Client) -> Money:
    """An order of two units that is authorized."""
    money = Money(channel, channel.place(line("10.00", 2, line_id="A")))
    money.authorize()
    return money


def settled_at(money: Money) -> list[datetime | None]:
    """When each parcel was settled, in the order they left."""
    return [row[0] for row in rows(money, "SELECT settled_at FROM shipments WHERE order_id = :id ORDER BY shipped_at")]


def waits_for_parcels(money: Money) -> bool:
    [[waits]] = rows(money, "SELECT waits_for_parcels FROM orders WHERE id = :id")
    return bool(waits)


def status(money: Money) -> str:
    [[status]] = rows(money, "SELECT status FROM orders WHERE id = :id")
    return str(status)


# Parcels.


def test_a_parcel_is_captured_once_and_settled_from_then_on(money: Money) -> None:
    parcel = money.ship(A=2)
    money.capture(parcel)
    first = settled_at(money)

    money.capture(parcel, "of a process started anew")

    assert money.done()["capture"] == [20_00]
    assert first != [None]
    assert settled_at(money) == first


def test_a_parcel_whose_capture_was_declined_is_settled_when_it_is_paid(channel: Client) -> None:
    token = f"tok_decline_capture_once:{uuid4()}"
    tenders = [{"type": "card", "token": token, "amount": "10.00"}]
    money = Money(channel, channel.place(line("10.00", line_id="A"), tenders=tenders))
    money.authorize()
    parcel = money.ship(A=1)
    with pytest.raises(PaymentDeclined):
        money.capture(parcel)
    assert settled_at(money) == [None]

    money.capture(parcel, "decided", retry=True)

    assert settled_at(money) != [None]


def test_a_parcel_that_is_worth_nothing_is_settled_without_a_capture(channel: Client) -> None:
    money = Money(channel, channel.place(line("0.00", line_id="A"), tenders=[]))
    parcel = money.ship(A=1)

    money.capture(parcel)

    assert money.done() == {}
    assert settled_at(money) != [None]


def test_a_capture_of_the_whole_order_leaves_each_parcel_its_own_flow(money: Money) -> None:
    """Otherwise the customer gets no mail about a parcel whose flow has not begun."""
    parcel = money.ship(A=2)

    money.capture()

    assert money.waiting_messages(parcel) == ["parcel-left"]
    assert settled_at(money) != [None]


def test_an_overdue_mark_of_a_parcel_that_is_already_settled_is_ignored(money: Money) -> None:
    parcel = money.ship(A=2)
    money.capture(parcel)
    subject = Subject.of_order(money.id, money.number)

    with transaction() as session:
        mark_overdue(session, money.actor, subject, None, parcel, task_id="T-1", wait_name="usertask_capture_declined")

    assert rows(money, "SELECT overdue_at FROM orders WHERE id = :id") == [(None,)]


# Closing the order.


def test_an_order_with_an_unpaid_parcel_waits_and_its_last_capture_wakes_it(money: Money) -> None:
    money.capture(money.ship(A=1))
    unpaid = money.ship(A=1)

    is_settled = close_order(money.actor, money.id)

    assert (is_settled, waits_for_parcels(money), status(money)) == (False, True, "shipped")
    assert "parcel-settled" not in money.waiting_messages()
    money.capture(unpaid)
    assert money.waiting_messages().count("parcel-settled") == 1


def test_a_parcel_that_is_paid_before_the_order_waits_wakes_no_flow(money: Money) -> None:
    money.capture(money.ship(A=2))

    is_settled = close_order(money.actor, money.id)

    assert "parcel-settled" not in money.waiting_messages()
    assert (is_settled, waits_for_parcels(money), status(money)) == (True, False, "completed")


def test_an_order_that_was_woken_closes_and_has_read_the_message(money: Money) -> None:
    parcel = money.ship(A=2)
    close_order(money.actor, money.id)
    money.capture(parcel)

    is_settled = close_order(money.actor, money.id, "woken")

    assert (is_settled, waits_for_parcels(money), status(money)) == (True, False, "completed")
    assert "parcel-settled" not in money.waiting_messages()


def test_an_order_of_which_no_unit_is_left_is_canceled_when_it_closes(money: Money) -> None:
    cancel_items(money.actor, money.id)

    is_settled = close_order(money.actor, money.id)

    assert (is_settled, status(money)) == (True, "canceled")
    assert money.done() == {"authorize": [20_00], "void": [20_00]}


# A process that was started anew.


def test_each_unsettled_parcel_is_announced_once_to_a_process_that_was_started_anew(money: Money) -> None:
    settled, heard = money.ship(A=1), money.ship(A=1)
    money.capture(settled)
    deliver_messages(money)
    with transaction() as session:
        rebind(session, money.number, Process.ORDER_SUBMIT, None)

    for _ in range(2):
        announce(money)

    assert (money.waiting_messages(settled), money.waiting_messages(heard)) == ([], ["parcel-left"])


def test_a_parcel_whose_message_is_still_pending_is_not_announced_again(money: Money) -> None:
    parcel = money.ship(A=1)
    with transaction() as session:
        rebind(session, money.number, Process.ORDER_SUBMIT, None)

    announce(money)

    assert money.waiting_messages(parcel) == ["parcel-left"]


def deliver_messages(money: Money) -> None:
    """Marks the messages as received by the process that was lost."""
    of_the_order = update(OutboxRow).where(OutboxRow.business_key == money.number)
    with transaction() as session:
        session.execute(of_the_order.values(state=RowState.DELIVERED))


def announce(money: Money) -> None:
    with transaction() as session:
        announce_unsettled_parcels(session, money.actor, money.id)
