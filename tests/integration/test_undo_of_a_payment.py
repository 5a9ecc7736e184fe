"""J5: the undo finds an open request to the gateway and cannot know at once whether it was carried out."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from order_api.camunda.names import Topic
from order_api.camunda.retries import STANDARD
from order_api.core.database import transaction
from order_api.core.outside import CERTAINLY_OVER
from order_api.integrations.payment.port import GatewayReply
from order_api.integrations.payment.simulator import PaymentSimulator
from order_api.payments import ledger
from tests.factories.deaths import Killed, die_once
from tests.factories.flows import REFUND, UNDO, Flow, work
from tests.fixtures.service import Client


def authorize_and_die(flow: Flow, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    die_once(monkeypatch, PaymentSimulator, "authorize", after=after)
    with pytest.raises(Killed):
        work(flow.task(Topic.AUTHORIZE_PAYMENT, {}))


def payments(flow: Flow) -> list[tuple[Any, ...]]:
    query = "SELECT kind, status, amount FROM payment_transactions WHERE order_id = :order_id ORDER BY requested_at"
    with transaction() as session:
        return [tuple(row) for row in session.execute(text(query), {"order_id": flow.order["id"]})]


def test_the_undo_releases_what_the_gateway_did_for_a_worker_that_died(
    flow: Flow, channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorize_and_die(flow, monkeypatch, after=True)
    flow.cancel(channel)

    flow.walk(*UNDO)

    assert payments(flow) == [("authorize", "done", 2000), ("void", "done", 2000)]


def test_the_undo_waits_while_a_request_that_the_gateway_does_not_know_may_still_arrive(
    flow: Flow, channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorize_and_die(flow, monkeypatch, after=False)
    flow.cancel(channel)

    result = work(flow.task(Topic.VOID_PAYMENT, {}))

    assert (result.is_failure(), result.retries) == (True, STANDARD.tries)
    assert "may still be under way" in result.error_message
    assert payments(flow) == [("authorize", "requested", 2000)]


def test_the_undo_gives_up_a_request_that_never_arrived_and_is_certainly_over(
    flow: Flow, channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorize_and_die(flow, monkeypatch, after=False)
    flow.cancel(channel)
    set_back(flow, CERTAINLY_OVER)

    flow.walk(*UNDO)

    assert payments(flow) == [("authorize", "lost", 2000)]


def set_back(flow: Flow, age: timedelta) -> None:
    query = "UPDATE payment_transactions SET requested_at = requested_at - :age WHERE order_id = :order_id"
    with transaction() as session:
        session.execute(text(query), {"age": age, "order_id": flow.order["id"]})


def test_a_request_that_another_worker_has_just_taken_up_is_not_given_up(
    flow: Flow, channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker died long ago. The second is in the middle of the call and then dies too."""
    authorize_and_die(flow, monkeypatch, after=False)
    set_back(flow, CERTAINLY_OVER)
    authorize, results = PaymentSimulator.authorize, []

    def while_the_undo_looks(gateway: PaymentSimulator, *asked: Any) -> GatewayReply:
        flow.cancel(channel)
        results.append(work(flow.task(Topic.VOID_PAYMENT, {})))
        authorize(gateway, *asked)
        raise Killed

    monkeypatch.setattr(PaymentSimulator, "authorize", while_the_undo_looks)
    with pytest.raises(Killed):
        work(flow.task(Topic.AUTHORIZE_PAYMENT, {}))

    flow.walk(*UNDO)

    assert "may still be under way" in results[0].error_message
    assert payments(flow) == [("authorize", "done", 2000), ("void", "done", 2000)]


def test_what_the_gateway_did_is_written_down_although_the_order_was_called_off_meanwhile(
    flow: Flow, channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorize = PaymentSimulator.authorize

    def authorize_while_the_customer_cancels(simulator: PaymentSimulator, *asked: Any) -> GatewayReply:
        answer = authorize(simulator, *asked)
        flow.cancel(channel)
        return answer

    monkeypatch.setattr(PaymentSimulator, "authorize", authorize_while_the_customer_cancels)

    result = work(flow.task(Topic.AUTHORIZE_PAYMENT, {}))

    assert result.error_message == f"{flow.order['number']} is being canceled."
    assert payments(flow) == [("authorize", "done", 2000)]


def test_what_the_gateway_did_is_written_down_although_a_bug_stops_the_story_afterwards(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The story looks for a second call, because the order has two cards."""
    cards = [{"type": "card", "token": "tok_approve", "amount": amount} for amount in ("4.00", "6.00")]
    flow = Flow(channel.place(tenders=cards))
    rows_of, asked = ledger.rows_of, count()

    def fail_when_the_gateway_has_answered(*given: Any) -> Any:
        if next(asked):
            raise ValueError("a bug")
        return rows_of(*given)

    monkeypatch.setattr(ledger, "rows_of", fail_when_the_gateway_has_answered)

    result = work(flow.task(Topic.AUTHORIZE_PAYMENT, {}))

    assert (result.is_failure(), result.error_message) == (True, "ValueError: a bug")
    assert payments(flow) == [("authorize", "done", 400)]


def test_what_the_undo_finds_captured_goes_back_by_a_refund(flow: Flow, channel: Client) -> None:
    """A gateway that captures with the authorization."""
    work(flow.task(Topic.AUTHORIZE_PAYMENT, {}))
    captured_at_once(flow)
    flow.cancel(channel)
    flow.walk(*UNDO)

    for _ in range(2):
        assert work(flow.task(Topic.CLOSE_ORDER, {})).is_success()

    order = channel.get(f"/v1/orders/{flow.order['id']}").get_json()
    [refund] = order["refunds"]
    assert (order["status"], refund["state"], refund["amount"], refund["paid_back"]) == (
        "canceled",
        "requested",
        "0.00",
        "20.00",
    )
    of_refund = Flow({**flow.order, "number": refund["number"]}, process="order-refund")
    of_refund.walk(*REFUND)
    bill = channel.get(f"/v1/orders/{flow.order['id']}").get_json()["bill"]
    assert (bill["captured"], bill["refunded"], bill["outstanding"]) == ("20.00", "20.00", "0.00")


def captured_at_once(flow: Flow) -> None:
    """The gateway and we know of a capture that no parcel asked for."""
    of_gateway = """INSERT INTO simulator_payments (key, kind, token, parent_key, amount, approved, at)
        SELECT :key, 'capture', token, key, amount, true, at FROM simulator_payments WHERE key =
        (SELECT id FROM payment_transactions WHERE order_id = :id AND kind = 'authorize')"""
    ours = """INSERT INTO payment_transactions (id, order_id, tender_id, kind, parent_id, amount, currency, status,
        reference, requested_at, settled_at) SELECT :key, order_id, tender_id, 'capture', id, amount, currency, status,
        CAST(:reference AS text), requested_at, settled_at FROM payment_transactions WHERE order_id = :id"""
    given = {"key": uuid4(), "id": flow.order["id"]}
    with transaction() as session:
        session.execute(text(of_gateway), given)
        session.execute(text(ours), given | {"reference": str(given["key"])})
