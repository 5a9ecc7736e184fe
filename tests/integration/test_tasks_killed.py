"""J4: a worker dies just before or just after a vendor acts; the next one finds out, and the vendor acts once."""

from typing import Any

import pytest
from sqlalchemy import text

from order_api.access.actor import system
from order_api.camunda.names import Topic
from order_api.core.database import transaction
from order_api.integrations.fraud.rules import FraudRules
from order_api.integrations.fulfillment.warehouse import Warehouse
from order_api.integrations.inventory.stock_ledger import StockLedger
from order_api.integrations.mail.smtp import SmtpCarrier
from order_api.integrations.payment.simulator import PaymentSimulator
from order_api.notifications.send import send_notification
from tests.factories.deaths import Killed, die_once
from tests.factories.flows import GIVE_UP_ITEM, STEP_BY_STEP, UNDO, Flow, Rows, Step, everything, work
from tests.fixtures.service import Client

LEDGERS = ("fraud_screenings", "payment_transactions", "reservations", "fulfillment_orders")
BOOKS_OF_VENDORS = ("simulator_payments", "stock_bins", "stock_holds", "stock_hold_bins", "warehouse_jobs")


def books() -> Rows:
    rows = everything()
    return {name: rows[name] for name in BOOKS_OF_VENDORS}


def requested(flow: Flow) -> list[str]:
    """The ledgers in which something may have happened that nobody has asked for yet."""
    query = "SELECT 1 FROM {} WHERE order_id = :order_id AND status = 'requested'"
    with transaction() as session:
        given = {"order_id": flow.order["id"]}
        return [name for name in LEDGERS if session.execute(text(query.format(name)), given).first()]


def steps_before(topic: Topic, steps: list[Step]) -> list[Step]:
    return steps[: [step for step, _ in steps].index(topic)]


FINDS = [
    (Topic.AUTHORIZE_PAYMENT, PaymentSimulator, "authorize", "payment_transactions"),
    (Topic.RESERVE_INVENTORY, StockLedger, "hold", "reservations"),
    (Topic.SEND_TO_FULFILLMENT, Warehouse, "send", "fulfillment_orders"),
    (Topic.CAPTURE_PAYMENT, PaymentSimulator, "capture", "payment_transactions"),
]
"""What a task asks of a vendor, and where it is written down first."""

UNDOES = [
    (Topic.CANCEL_FULFILLMENT, Warehouse, "cancel"),
    (Topic.RELEASE_INVENTORY, StockLedger, "release"),
    (Topic.VOID_PAYMENT, PaymentSimulator, "void"),
]


def at(topic: Topic, flow: Flow, warehouse: Client) -> Flow:
    """The order just before this task."""
    if topic == Topic.CAPTURE_PAYMENT:
        flow.walk(*STEP_BY_STEP)
        flow.ship_and_deliver(warehouse)
    else:
        flow.walk(*steps_before(topic, STEP_BY_STEP))
    return flow


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize(("topic", "vendor", "method", "ledger"), FINDS, ids=[str(topic) for topic, *_ in FINDS])
def test_a_vendor_whose_worker_died_acts_once(
    flow: Flow,
    warehouse: Client,
    monkeypatch: pytest.MonkeyPatch,
    *,
    topic: Topic,
    vendor: type,
    method: str,
    ledger: str,
    after: bool,
) -> None:
    task = at(topic, flow, warehouse).task(topic, {})
    calls = die_once(monkeypatch, vendor, method, after=after)
    with pytest.raises(Killed):
        work(task)
    left_open = requested(flow)

    result = work(task)

    assert result.is_success(), result
    assert (left_open, requested(flow)) == ([ledger], [])
    assert len(calls) == 1


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
def test_an_order_whose_screening_worker_died_has_one_score(
    flow: Flow, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    """The provider keeps nothing: it is asked again under the same key and answers the same."""
    task = flow.task(Topic.SCREEN_FRAUD, {})
    calls = die_once(monkeypatch, FraudRules, "score", after=after)
    with pytest.raises(Killed):
        work(task)

    result = work(task)

    assert result.is_success(), result
    assert requested(flow) == []
    assert len({question.key for _, question in calls}) == 1


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize(("topic", "vendor", "method"), UNDOES, ids=[str(topic) for topic, *_ in UNDOES])
def test_an_undo_whose_worker_died_is_done_once(
    flow: Flow,
    channel: Client,
    monkeypatch: pytest.MonkeyPatch,
    *,
    topic: Topic,
    vendor: type,
    method: str,
    after: bool,
) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.cancel(channel)
    flow.walk(*steps_before(topic, UNDO))
    task = flow.task(topic, {})
    die_once(monkeypatch, vendor, method, after=after)
    with pytest.raises(Killed):
        work(task)
    at_death = books()

    result = work(task)

    assert result.is_success(), result
    assert requested(flow) == []
    assert (books() == at_death) == after


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize(("vendor", "method"), [(Warehouse, "cancel"), (StockLedger, "release")])
def test_an_item_whose_worker_died_is_given_up_once(
    flow: Flow, monkeypatch: pytest.MonkeyPatch, *, vendor: type, method: str, after: bool
) -> None:
    flow.walk(*STEP_BY_STEP)
    task = flow.task(*GIVE_UP_ITEM[0])
    die_once(monkeypatch, vendor, method, after=after)
    with pytest.raises(Killed):
        work(task)

    result = work(task)
    settled = everything()
    again = work(task)

    assert result.is_success(), result
    assert again.is_success()
    assert everything() == settled
    assert requested(flow) == []


def test_a_mail_whose_sender_died_is_sent_again_under_its_fixed_id(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    flow.walk((Topic.NOTIFY_CUSTOMER, {"notice": "order_confirmed"}))
    [(notification_id,)] = rows("SELECT id FROM notifications WHERE order_id = :order_id", flow)
    monkeypatch.setattr(SmtpCarrier, "send", lambda _self, _message: None)
    calls = die_once(monkeypatch, SmtpCarrier, "send", after=True)
    with pytest.raises(Killed):
        send_notification(system("relay"), notification_id)

    send_notification(system("relay"), notification_id)
    send_notification(system("relay"), notification_id)

    assert [message["Message-ID"] for _, message in calls] == [f"<{notification_id}@order-service>"] * 2


def rows(query: str, flow: Flow) -> list[tuple[Any, ...]]:
    with transaction() as session:
        return [tuple(row) for row in session.execute(text(query), {"order_id": flow.order["id"]})]
