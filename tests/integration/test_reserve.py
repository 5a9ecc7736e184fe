"""The history of a reservation records each event once, also for stock that arrives later."""

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from order_api.access.actor import system_actor
from order_api.camunda.names import Topic
from order_api.core.database import transaction
from order_api.reservations.release import release_items
from order_api.reservations.reserve import reserve_item
from tests.factories.flows import Flow, work
from tests.factories.orders import line
from tests.fixtures.service import Client
from tests.fixtures.system import wait_until


@pytest.fixture
def short(channel: Client) -> Flow:
    """An order of two units without stock."""
    return Flow(channel.place(line("10.00", 2, sku=f"SHORT-{uuid4().hex[:8]}")))


@pytest.fixture
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor() as executor:
        yield executor


def receive(flow: Flow, warehouse: Client) -> None:
    sku = flow.order["items"][0]["sku"]
    assert warehouse.post("/v1/inventory/receipts", {"reference": sku, "sku": sku, "quantity": 2}).status_code == 201


def reserve(flow: Flow) -> str | None:
    code: str | None = work(flow.task(Topic.RESERVE_INVENTORY, {})).bpmn_error_code
    return code


def reservation_events(flow: Flow, channel: Client) -> list[str]:
    history = channel.get(f"/v1/orders/{flow.order['id']}/history").get_json()["events"]
    return [event["event"] for event in history if event["event"].startswith("item.")]


def version(flow: Flow, channel: Client) -> int:
    return int(channel.get(f"/v1/orders/{flow.order['id']}").get_json()["version"])


def test_the_reservation_of_a_backorder_is_recorded_once_when_its_flow_goes_on(
    short: Flow, channel: Client, warehouse: Client
) -> None:
    assert reserve(short) == "out_of_stock"
    receive(short, warehouse)
    before = version(short, channel)

    assert reserve(short) is None
    after = version(short, channel)
    assert reserve(short) is None

    assert reservation_events(short, channel) == ["item.backordered", "item.reserved"]
    assert (after - before, version(short, channel) - after) == (1, 0)


# Two stories at the same moment: the second waits for the locks of the first.


def reserve_in(session: Session, flow: Flow) -> None:
    reserve_item(session, system_actor("test"), UUID(flow.order["id"]), UUID(flow.order["items"][0]["id"]))


def wait_until_blocked(waiting: Future[Any], connection: Session) -> None:
    """Waits until the other story blocks on a lock of this transaction."""
    blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    wait_until(lambda: connection.scalar(blocked), what="the other story to wait for a lock")
    assert not waiting.done()


def test_stock_that_comes_while_an_item_joins_the_line_is_recorded_once(
    short: Flow, channel: Client, warehouse: Client, threads: Executor
) -> None:
    with transaction() as session:
        reserve_in(session, short)
        receipt = threads.submit(receive, short, warehouse)
        wait_until_blocked(receipt, session)
    receipt.result(10)
    woken = short.waiting_messages()

    assert reserve(short) is None

    assert woken == ["stock-allocated"]
    assert reservation_events(short, channel) == ["item.backordered", "item.reserved"]
    assert short.waiting_messages() == []


def test_a_release_that_comes_while_stock_is_reserved_gives_it_back(
    flow: Flow, channel: Client, threads: Executor
) -> None:
    def release() -> None:
        with transaction() as session:
            release_items(session, system_actor("test"), UUID(flow.order["id"]))

    with transaction() as session:
        reserve_in(session, flow)
        released = threads.submit(release)
        wait_until_blocked(released, session)
    released.result(10)

    assert reservation_events(flow, channel) == ["item.reserved", "item.reservation_released"]
    [reservation] = channel.get(f"/v1/orders/{flow.order['id']}").get_json()["reservations"]
    assert reservation["line_id"] == flow.order["items"][0]["line_id"]
    assert reservation["status"] == "released"
