"""At run time too: neither a second transaction nor a call of a port happens inside a transaction."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from order_api.camunda.engine import get
from order_api.camunda.retries import STANDARD
from order_api.core.database import (
    InsideTransaction,
    engine,
    refuse_inside_transaction,
    single_statement,
    transaction,
    turn,
)
from order_api.core.outside import Story, run
from order_api.integrations.fraud.registry import screener
from order_api.integrations.fulfillment.registry import vendor
from order_api.integrations.mail.registry import carrier
from order_api.integrations.payment.registry import gateway
from order_api.orders.errors import OrderNotFound
from tests.factories.flows import STEP_BY_STEP, Flow, work
from tests.fixtures.service import Client
from tests.fixtures.system import PATIENCE
from workers.runtime.execute import execute
from workers.runtime.registry import handlers

pytestmark = pytest.mark.usefixtures("migrated")


class NothingToAsk(Story):
    def ask(self, session: Session) -> None:
        return None


def begin_another() -> None:
    with transaction():
        pass


def send_a_statement() -> None:
    with single_statement():
        pass


@pytest.mark.parametrize(
    "act",
    [
        begin_another,
        send_a_statement,
        lambda: run(NothingToAsk()),
        lambda: gateway("card").find(uuid4()),
        lambda: gateway("invoice").find(uuid4()),
        lambda: vendor("main").recall(uuid4()),
        lambda: screener().find(uuid4()),
        lambda: carrier().send(None),  # type: ignore[arg-type]
        lambda: get("/version"),
    ],
    ids=["transaction", "statement", "runner", "card", "invoice", "fulfillment", "fraud", "mail", "engine"],
)
def test_what_could_wait_for_our_own_locks_is_refused_inside_a_transaction(act: Callable[[], Any]) -> None:
    with transaction(), pytest.raises(InsideTransaction, match="inside a transaction"):
        act()


def test_a_refused_act_leaves_the_transaction_as_it_was() -> None:
    with transaction() as session:
        with pytest.raises(InsideTransaction):
            begin_another()
        assert session.scalar(text("SELECT 1")) == 1

    begin_another()


def test_a_transaction_that_raised_is_over() -> None:
    with pytest.raises(OrderNotFound), transaction():
        raise OrderNotFound("of a test")

    begin_another()


def locked(order_id: str) -> Any:
    connection = engine().connect()
    connection.execute(text("SELECT 1 FROM orders WHERE id = :id FOR UPDATE"), {"id": order_id})
    return connection


def test_a_caller_that_waits_too_long_for_an_order_is_told_to_come_again(channel: Client) -> None:
    order = channel.place()

    with locked(order["id"]):
        answer = channel.post(f"/v1/orders/{order['id']}/notes", {"text": "Called."})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json()["code"] == "database_unavailable"
    assert channel.get(f"/v1/orders/{order['id']}").get_json()["notes"] == []


def test_a_task_that_waits_too_long_for_an_order_is_tried_again_and_uses_up_no_try(flow: Flow) -> None:
    with locked(flow.order["id"]):
        result = work(flow.task(*STEP_BY_STEP[0]))

    assert (result.is_failure(), result.retries) == (True, STANDARD.tries)


def test_a_task_whose_statement_always_runs_too_long_becomes_an_incident(flow: Flow) -> None:
    task = flow.task(*STEP_BY_STEP[0])
    handler = handlers()[task.get_topic_name()]

    def run_too_long(**_: object) -> None:
        with transaction() as session:
            session.execute(text("SET LOCAL statement_timeout = '10ms'"))
            session.execute(text("SELECT pg_sleep(1)"))

    result = execute(task, {handler.topic: replace(handler, handle=run_too_long)})

    assert (result is not None and result.is_failure(), result and result.retries) == (True, STANDARD.tries - 1)


def test_locks_and_statements_have_a_time_limit() -> None:
    with engine().connect() as connection:
        limits = [connection.execute(text(f"SHOW {name}")).scalar() for name in ("lock_timeout", "statement_timeout")]

    assert limits == ["5s", "15s"]


def test_a_turn_is_held_without_a_transaction_so_that_the_engine_may_be_called_in_it() -> None:
    entered: list[None] = []

    with turn("of a test"):
        refuse_inside_transaction("The engine was called")
        other = threading.Thread(target=lambda: entered.append(turn("of a test").__enter__()))
        other.start()
        other.join(0.5)
        waited = not entered
    other.join(PATIENCE)

    assert (waited, entered) == (True, [None])


def test_a_port_is_refused_beside_a_single_statement_too() -> None:
    with single_statement(), pytest.raises(InsideTransaction):
        gateway("card").find(uuid4())
