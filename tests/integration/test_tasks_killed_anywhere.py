"""A worker of any topic may die after its commit and before its report: the second try ends the same."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from camunda.external_task.external_task import ExternalTask
from sqlalchemy import text

from order_api.camunda.names import Topic
from order_api.core.database import transaction
from tests.factories.deaths import Killed
from tests.factories.flows import (
    AFTER_SHIPPING,
    CAME_BACK,
    CANCEL_ITEM,
    DECLINED_REFUND,
    GIVE_UP_PAYMENT,
    OF_THE_PARCEL,
    REAUTHORIZE,
    REDIRECTED_REFUND,
    REFUND,
    REFUSED_REFUND,
    RELEASE_STOCK,
    STEP_BY_STEP,
    UNABLE_TO_SHIP,
    UNDO,
    WRITE_OFF,
    WRITTEN_OFF_SURPLUS,
    Flow,
    Step,
    work,
)
from tests.factories.orders import line
from tests.factories.return_steps import REFUSED_RETURN, RETURN, RETURN_PAID_EARLY
from tests.fixtures.service import Client
from workers.runtime.execute import execute
from workers.runtime.registry import handlers

SHOWN_AFTER = {"order-status-after": "gift_wrapped", "status-category": "open"}
"""Statuses that every task sets when it is done."""


@dataclass
class Shop:
    channel: Client
    warehouse: Client
    sku: str

    def just_before(self, begin: "Begin", steps: list[Step]) -> Flow:
        flow = Flow(self.channel.place(line("10.00", 2, sku=self.sku)))
        flow = begin(self, flow) or flow
        flow.walk(*steps)
        return flow


@pytest.fixture
def shop(channel: Client, warehouse: Client) -> Shop:
    """Ten units are in stock."""
    sku = f"FLOW-{uuid4().hex[:8]}"
    receipt = {"reference": sku, "sku": sku, "quantity": 10}
    assert warehouse.post("/v1/inventory/receipts", receipt).status_code == 201
    return Shop(channel, warehouse, sku)


# What happens to the order before the first step of a path.


def placed(shop: Shop, flow: Flow) -> None:
    pass


def shipped(shop: Shop, flow: Flow) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.ship_and_deliver(shop.warehouse)


def canceled(shop: Shop, flow: Flow) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.cancel(shop.channel)


def reported(shop: Shop, flow: Flow) -> None:
    flow.walk(*STEP_BY_STEP)
    flow.report_unable(shop.warehouse)


def expired(shop: Shop, flow: Flow) -> None:
    flow.walk(*STEP_BY_STEP[:-1])
    flow.expire_authorization()


def refunded(shop: Shop, flow: Flow) -> Flow:
    """The flow of a refund that was asked for."""
    shipped(shop, flow)
    flow.walk(*OF_THE_PARCEL)
    return flow.of_refund(shop.channel)


def declined(shop: Shop, flow: Flow) -> Flow:
    """The flow of a refund that was granted, and declined by the gateway."""
    shipped(shop, flow)
    flow.walk(*OF_THE_PARCEL)
    flow.decline_refunds()
    refund = flow.of_refund(shop.channel)
    refund.walk(*REFUND[:2])
    work(refund.task(Topic.REFUND, {}))
    return refund


def paid_twice(shop: Shop, flow: Flow) -> Flow:
    """The flow about a refund that was paid twice."""
    shipped(shop, flow)
    flow.walk(*OF_THE_PARCEL)
    return flow.of_surplus(shop.channel)


def announced(shop: Shop, flow: Flow) -> Flow:
    """The flow of a return."""
    shipped(shop, flow)
    flow.walk(*OF_THE_PARCEL)
    return flow.of_return(shop.channel)


Begin = Callable[[Shop, Flow], Flow | None]
Death = Callable[[ExternalTask], None]

PATHS: list[tuple[Begin, list[Step]]] = [
    (placed, STEP_BY_STEP),
    (shipped, AFTER_SHIPPING),
    (canceled, UNDO),
    (reported, [*UNABLE_TO_SHIP, *CANCEL_ITEM]),
    (shipped, WRITE_OFF),
    (placed, GIVE_UP_PAYMENT),
    (expired, REAUTHORIZE),
    (canceled, RELEASE_STOCK),
    (refunded, REFUND),
    (refunded, REFUSED_REFUND),
    (declined, DECLINED_REFUND),
    (declined, REDIRECTED_REFUND),
    (paid_twice, CAME_BACK),
    (paid_twice, WRITTEN_OFF_SURPLUS),
    (announced, RETURN),
    (announced, REFUSED_RETURN),
    (announced, RETURN_PAID_EARLY),
]
CASES = [(begin, steps[:position], step) for begin, steps in PATHS for position, step in enumerate(steps)]


def before_the_status_is_shown(task: ExternalTask) -> None:
    handler = handlers()[task.get_topic_name()]

    def work_and_die(**given: Any) -> None:
        handler.handle(**given)
        raise Killed

    with pytest.raises(Killed):
        execute(task, {handler.topic: replace(handler, handle=work_and_die)})


def before_the_report(task: ExternalTask) -> None:
    work(task)


@pytest.mark.parametrize("die", [before_the_status_is_shown, before_the_report])
@pytest.mark.parametrize(("begin", "before", "step"), CASES, ids=[f"{b.__name__}-{s.topic}" for b, _, s in CASES])
def test_a_task_whose_worker_died_after_the_work_ends_as_if_it_had_lived(
    shop: Shop, begin: Begin, before: list[Step], step: Step, die: Death
) -> None:
    undisturbed, disturbed = (shop.just_before(begin, before) for _ in range(2))
    showing = step._replace(properties=SHOWN_AFTER | step.properties)
    task = disturbed.task(*showing)

    expected = work(undisturbed.task(*showing))
    die(task)
    result = work(task)

    assert result.is_success()
    assert _anonymous(json.dumps(result.global_variables)) == _anonymous(json.dumps(expected.global_variables))
    assert end_of(disturbed, shop) == end_of(undisturbed, shop)


def test_every_topic_dies_here_or_on_the_engine() -> None:
    assert set(Topic) - {step.topic for _, _, step in CASES} == {Topic.RECORD_DECISION}


def end_of(flow: Flow, shop: Shop) -> Any:
    """Everything visible of the order except its own ids, times and number."""
    order = shop.channel.get(f"/v1/orders/{flow.order['id']}").get_json()
    seen = {
        "order": order,
        "history": shop.channel.get(f"/v1/orders/{order['id']}/history").get_json(),
        "outbox": rows("SELECT kind, name, state FROM outbox WHERE business_key = :number ORDER BY id", flow),
        "requests": rows("SELECT status, quantity FROM fulfillment_requests WHERE order_id = :order_id", flow),
        "score": rows("SELECT status, score FROM fraud_screenings WHERE order_id = :order_id", flow),
    }
    return json.loads(_anonymous(json.dumps(seen, default=str).replace(order["number"], "NUMBER")))


def rows(query: str, flow: Flow) -> list[list[Any]]:
    with transaction() as session:
        return [
            list(row)
            for row in session.execute(text(query), {"order_id": flow.order["id"], "number": flow.order["number"]})
        ]


def _anonymous(text: str) -> str:
    """Replaces ids by their order of appearance, so equal ids stay equal."""
    numbers, names = count(1), dict[str, str]()
    without_times = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00|ARN\d+", "TIME", text)
    uuid = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    return re.sub(uuid, lambda found: names.setdefault(found[0], f"id {next(numbers)}"), without_times)
