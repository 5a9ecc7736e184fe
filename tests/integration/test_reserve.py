"""The history of a reservation says what happened, once, also when stock comes by itself."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from order_api.access.actor import system
from order_api.camunda.names import Topic
from order_api.reservations.port import StockAnswer
from order_api.reservations.release import release_items
from order_api.reservations.stock_ledger import StockLedger
from tests.factories.flows import Flow, work
from tests.factories.orders import line
from tests.fixtures.service import Client


@pytest.fixture
def short(channel: Client) -> Flow:
    """An order of two units, of which there is none."""
    return Flow(channel.place(line("10.00", 2, sku=f"SHORT-{uuid4().hex[:8]}")))


def receive(flow: Flow, warehouse: Client) -> None:
    sku = flow.order["items"][0]["sku"]
    assert warehouse.post("/v1/inventory/receipts", {"reference": sku, "sku": sku, "quantity": 2}).status_code == 201


def reserve(flow: Flow) -> str | None:
    code: str | None = work(flow.task(Topic.RESERVE_INVENTORY, {})).bpmn_error_code
    return code


def told(flow: Flow, channel: Client) -> list[str]:
    history = channel.get(f"/v1/orders/{flow.order['id']}/history").get_json()["events"]
    return [event["event"] for event in history if event["event"].startswith("item.")]


def version(flow: Flow, channel: Client) -> int:
    return int(channel.get(f"/v1/orders/{flow.order['id']}").get_json()["version"])


def test_stock_that_came_for_a_backorder_is_told_when_its_flow_goes_on(
    short: Flow, channel: Client, warehouse: Client
) -> None:
    assert reserve(short) == "out_of_stock"
    receive(short, warehouse)
    before = version(short, channel)

    assert reserve(short) is None
    after = version(short, channel)
    assert reserve(short) is None

    assert told(short, channel) == ["item.backordered", "item.reserved"]
    assert (after - before, version(short, channel) - after) == (1, 0)


def answered(monkeypatch: pytest.MonkeyPatch, then: Any) -> None:
    """Something happens between the inventory's answer and the moment it is written down."""
    hold = StockLedger.hold

    def slowly(ledger: StockLedger, *asked: Any) -> StockAnswer:
        answer = hold(ledger, *asked)
        then()
        return answer

    monkeypatch.setattr(StockLedger, "hold", slowly)


def test_stock_that_comes_just_after_the_answer_is_told_and_wakes_nobody(
    short: Flow, channel: Client, warehouse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(monkeypatch, lambda: receive(short, warehouse))

    assert reserve(short) is None

    assert told(short, channel) == ["item.reserved"]
    assert short.waiting_messages() == []


def test_a_hold_that_was_released_meanwhile_is_not_called_refused(
    flow: Flow, channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(monkeypatch, lambda: release_items(system("test"), UUID(flow.order["id"])))

    reserve(flow)

    assert told(flow, channel) == ["item.reservation_released"]
