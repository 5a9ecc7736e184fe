"""J4: when a worker dies just before or after a vendor acts, the next worker asks the vendor, which acts once."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from order_api.access.actor import system_actor
from order_api.camunda.names import Topic
from order_api.core.database import transaction
from order_api.core.outside import run
from order_api.integrations.fraud.rules import FraudRules
from order_api.integrations.fulfillment.warehouse import Warehouse
from order_api.integrations.mail.smtp import SmtpCarrier
from order_api.integrations.payment.simulator import PaymentSimulator
from order_api.notifications.send import SendNotification
from order_api.reservations.models import Bin
from tests.factories.deaths import Killed, die_at_commit, die_once
from tests.factories.flows import CANCEL_ITEM, STEP_BY_STEP, UNDO, Flow, Rows, Step, everything, work
from tests.fixtures.service import Client

LEDGERS = ("fraud_screenings", "payment_transactions", "fulfillment_requests")
BOOKS = ("simulator_payments", "stock_bins", "reservations", "reservation_bins", "warehouse_jobs")
"""Tables of the vendors and of stock."""


def books() -> Rows:
    rows = everything()
    return {name: rows[name] for name in BOOKS}


def requested(flow: Flow) -> list[str]:
    """The ledgers with open requests."""
    query = "SELECT 1 FROM {} WHERE order_id = :order_id AND status = 'requested'"
    with transaction() as session:
        given = {"order_id": flow.order["id"]}
        return [name for name in LEDGERS if session.execute(text(query.format(name)), given).first()]


def steps_before(topic: Topic, steps: list[Step]) -> list[Step]:
    return steps[: [step.topic for step in steps].index(topic)]


VENDOR_CALLS = [
    (Topic.AUTHORIZE_PAYMENT, PaymentSimulator, "authorize", "payment_transactions"),
    (Topic.SEND_TO_FULFILLMENT, Warehouse, "send", "fulfillment_requests"),
    (Topic.CAPTURE_PAYMENT, PaymentSimulator, "capture", "payment_transactions"),
]
"""The vendor call of each task, and the table that records it first."""

Death = Callable[[bool], AbstractContextManager[None]]
"""Kills a worker once, `after` its act or just before."""


def in_a_call(vendor: type, method: str) -> Death:
    @contextmanager
    def die(after: bool) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            die_once(patch, vendor, method, after=after)
            yield

    return die


def at_the_commit_of_stock(after: bool) -> AbstractContextManager[None]:
    return die_at_commit(Bin, after=after)


UNDO_STEPS: list[tuple[Topic, Death]] = [
    (Topic.CANCEL_FULFILLMENT, in_a_call(Warehouse, "recall")),
    (Topic.CANCEL_ITEM, at_the_commit_of_stock),
    (Topic.VOID_PAYMENT, in_a_call(PaymentSimulator, "void")),
]


def at(topic: Topic, flow: Flow, warehouse: Client) -> Flow:
    """Runs the order up to this task."""
    if topic == Topic.CAPTURE_PAYMENT:
        flow.walk(*STEP_BY_STEP)
        flow.ship_and_deliver(warehouse)
    else:
        flow.walk(*steps_before(topic, STEP_BY_STEP))
    return flow


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize(
    ("topic", "vendor", "method", "ledger"), VENDOR_CALLS, ids=[str(topic) for topic, *_ in VENDOR_CALLS]
)
def test_a_vendor_acts_once_although_the_worker_died(
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
def test_stock_is_reserved_once_although_the_worker_died(
    flow: Flow, channel: Client, warehouse: Client, after: bool
) -> None:
    task = at(Topic.RESERVE_INVENTORY, flow, warehouse).task(Topic.RESERVE_INVENTORY, {})
    with at_the_commit_of_stock(after), pytest.raises(Killed):
        work(task)
    at_death = reservations(flow, channel)

    result = work(task)

    assert result.is_success(), result
    assert at_death == (["reserved"] if after else [])
    assert reservations(flow, channel) == ["reserved"]
    assert rows("SELECT reserved FROM stock_bins b JOIN order_items USING (sku) WHERE order_id = :order_id", flow) == [
        (2,)
    ]


def reservations(flow: Flow, channel: Client) -> list[str]:
    return [row["status"] for row in channel.get(f"/v1/orders/{flow.order['id']}").get_json()["reservations"]]


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
def test_an_order_has_one_score_although_the_screening_worker_died(
    flow: Flow, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    """The provider stores nothing: a repeated call under the same key gets the same answer."""
    task = flow.task(Topic.SCREEN_FRAUD, {})
    calls = die_once(monkeypatch, FraudRules, "score", after=after)
    with pytest.raises(Killed):
        work(task)

    result = work(task)

    assert result.is_success(), result
    assert requested(flow) == []
    assert len({question.key for _, question in calls}) == 1


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize(("topic", "die"), UNDO_STEPS, ids=[str(topic) for topic, _ in UNDO_STEPS])
def test_an_undo_whose_worker_died_is_done_once(
    flow: Flow, channel: Client, topic: Topic, die: Death, after: bool
) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.cancel(channel)
    before = steps_before(topic, UNDO)
    flow.walk(*before)
    task = flow.task(*UNDO[len(before)])
    with die(after), pytest.raises(Killed):
        work(task)
    at_death = books()

    result = work(task)

    assert result.is_success(), result
    assert requested(flow) == []
    assert (books() == at_death) == after


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("die", [in_a_call(Warehouse, "recall"), at_the_commit_of_stock], ids=["recall", "release"])
def test_an_item_whose_worker_died_is_given_up_once(flow: Flow, die: Death, after: bool) -> None:
    flow.walk(*STEP_BY_STEP)
    task = flow.task(*CANCEL_ITEM[0])
    with die(after), pytest.raises(Killed):
        work(task)

    result = work(task)
    settled = everything()
    again = work(task)

    assert result.is_success(), result
    assert again.is_success()
    assert everything() == settled
    assert requested(flow) == []


def test_a_mail_whose_sender_died_is_sent_again_under_its_fixed_id(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    flow.walk(Step(Topic.NOTIFY_CUSTOMER, {"notice": "order_confirmed"}))
    [(notification_id,)] = rows("SELECT id FROM notifications WHERE order_id = :order_id", flow)
    monkeypatch.setattr(SmtpCarrier, "send", lambda _self, _message: None)
    calls = die_once(monkeypatch, SmtpCarrier, "send", after=True)
    with pytest.raises(Killed):
        run(SendNotification(system_actor("relay"), notification_id))

    run(SendNotification(system_actor("relay"), notification_id))
    run(SendNotification(system_actor("relay"), notification_id))

    assert [message["Message-ID"] for _, message in calls] == [f"<{notification_id}@order-service>"] * 2


def rows(query: str, flow: Flow) -> list[tuple[Any, ...]]:
    with transaction() as session:
        return [tuple(row) for row in session.execute(text(query), {"order_id": flow.order["id"]})]
