"""The tasks of one order as the engine would hand them out, run without an engine."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from camunda.external_task.external_task import ExternalTask, TaskResult
from sqlalchemy import inspect, text

from order_api.access.models import RateReport
from order_api.camunda.external_tasks import FETCHED_AT
from order_api.camunda.names import Topic
from order_api.core import clock
from order_api.core.database import engine, transaction
from order_api.orders import repository
from order_api.payments import ledger
from order_api.payments.expire import book_expiry
from order_api.payments.models import TransactionKind
from tests.factories.gateway_events import report
from tests.fixtures.service import Client
from workers.runtime.execute import execute
from workers.runtime.registry import handlers
from workers.senders import RELAY


class About(StrEnum):
    ORDER = "order"
    ITEM = "item"
    PARCEL = "parcel"


USUALLY_ABOUT = {
    Topic.RESERVE_INVENTORY: About.ITEM,
    Topic.REAUTHORIZE_PAYMENT: About.ITEM,
    Topic.SEND_TO_FULFILLMENT: About.ITEM,
    Topic.CONFIRM_UNABLE_TO_SHIP: About.ITEM,
    Topic.CONFIRM_SHIPMENT: About.ITEM,
    Topic.CONFIRM_DELIVERY: About.ITEM,
    Topic.CANCEL_ITEM: About.ITEM,
    Topic.CAPTURE_PAYMENT: About.PARCEL,
    Topic.WRITE_OFF: About.PARCEL,
}
"""Tasks of all other topics are about the order."""


class Step(NamedTuple):
    """A task of our models. Its flow is that of the order, of the order's first item or of its latest parcel."""

    topic: Topic
    properties: dict[str, str]
    about: About | None = None
    variables: dict[str, Any] = {}  # noqa: RUF012 - never changed


BEFORE_ITEMS: list[Step] = [
    Step(Topic.SCREEN_FRAUD, {}),
    Step(Topic.AUTHORIZE_PAYMENT, {"order-status-after": "ready_to_edit"}),
    Step(Topic.NOTIFY_CUSTOMER, {"notice": "order_confirmed"}),
    Step(Topic.FREEZE_ORDER, {"order-status-after": "freeze_edit"}),
    Step(Topic.UPDATE_STATUS, {"order-status": "gift_wrapping", "status-category": "open"}),
    Step(Topic.MARK_OVERDUE, {}),
]
STEP_BY_STEP: list[Step] = [
    *BEFORE_ITEMS,
    Step(Topic.RESERVE_INVENTORY, {"item-status-after": "reserved"}),
    Step(Topic.SEND_TO_FULFILLMENT, {"item-status-after": "submitted_to_fulfillment"}),
]
OF_THE_PARCEL: list[Step] = [
    Step(Topic.NOTIFY_CUSTOMER, {"notice": "item_shipped"}, About.PARCEL),
    Step(Topic.CAPTURE_PAYMENT, {}),
]
AFTER_SHIPPING: list[Step] = [
    Step(Topic.CONFIRM_SHIPMENT, {"item-status-after": "shipped"}),
    *OF_THE_PARCEL,
    Step(Topic.CONFIRM_DELIVERY, {"item-status-after": "delivered"}),
    Step(Topic.CLOSE_ORDER, {}),
]
UNDO: list[Step] = [
    Step(Topic.BEGIN_UNDO, {}),
    Step(Topic.CANCEL_FULFILLMENT, {}),
    Step(Topic.CANCEL_ITEM, {"item-status-after": "canceled"}, About.ORDER),
    Step(Topic.VOID_PAYMENT, {}),
    Step(Topic.NOTIFY_CUSTOMER, {"notice": "order_canceled"}),
    Step(Topic.CLOSE_ORDER, {}),
]
RELEASE_STOCK: list[Step] = [Step(Topic.RELEASE_INVENTORY, {})]
REAUTHORIZE: list[Step] = [Step(Topic.REAUTHORIZE_PAYMENT, {}), Step(Topic.SEND_TO_FULFILLMENT, {})]
WRITE_OFF: list[Step] = [Step(Topic.WRITE_OFF, {})]
GIVE_UP_PAYMENT: list[Step] = [Step(Topic.GIVE_UP_PAYMENT, {})]
UNABLE_TO_SHIP: list[Step] = [Step(Topic.CONFIRM_UNABLE_TO_SHIP, {"item-status-after": "unable_to_ship"})]
CANCEL_ITEM: list[Step] = [
    Step(Topic.CANCEL_ITEM, {"item-status-after": "canceled"}),
    Step(Topic.NOTIFY_CUSTOMER, {"notice": "item_canceled"}, About.ITEM),
]

REFUND: list[Step] = [
    Step(Topic.JUDGE_REFUND, {}, variables={"approval": "at_once"}),
    Step(Topic.GRANT_REFUND, {}),
    Step(Topic.REFUND, {}),
    Step(Topic.NOTIFY_CUSTOMER, {"notice": "refund_paid"}),
]
REFUSED_REFUND: list[Step] = [
    Step(Topic.JUDGE_REFUND, {}, variables={"approval": "refused", "approval_words": "Too late."}),
    Step(Topic.REFUSE_REFUND, {}),
]
DECLINED_REFUND: list[Step] = [Step(Topic.RETRY_REFUND, {})]
REDIRECTED_REFUND: list[Step] = [
    Step(Topic.REDIRECT_REFUND, {}),
    Step(Topic.BOOK_REFUND, {}, variables={"decision": "booked", "decision_reason": "BANK-1"}),
    Step(Topic.REFUND, {}),
]

SHOWN = {"refund_surplus": "10.00"}
"""What the form about a refund of one unit that was paid twice has shown."""
CAME_BACK: list[Step] = [
    Step(Topic.EXPLAIN_SURPLUS, {}, variables={"decision": "came_back", "decision_reason": "BANK-2", **SHOWN}),
]
WRITTEN_OFF_SURPLUS: list[Step] = [
    Step(Topic.EXPLAIN_SURPLUS, {}, variables={"decision": "written_off", "decision_reason": "No answer.", **SHOWN}),
]

Rows = dict[str, tuple[int, int]]
"""By table, how many rows it has and the sum of their hashes."""


@dataclass
class Flow:
    order: dict[str, Any]
    instance: str = field(default_factory=lambda: str(uuid4()))
    process: str = "order-submit"

    def task(
        self,
        topic: Topic,
        properties: dict[str, str],
        about: About | None = None,
        given: dict[str, Any] | None = None,
        **more: Any,
    ) -> ExternalTask:
        variables = {name: v(self) if callable(v) else v for name, v in ((given or {}) | more).items()}
        about = about or USUALLY_ABOUT.get(topic, About.ORDER)
        context = {
            "id": str(uuid4()),
            "workerId": "test",
            "topicName": str(topic),
            "activityId": f"task_{topic}",
            "businessKey": self.order["number"],
            "processInstanceId": self.instance,
            FETCHED_AT: clock.now(),
            "processDefinitionKey": "item-ship-to-home" if about == About.ITEM else self.process,
            "retries": None,
            "extensionProperties": properties,
            "variables": {name: {"value": value} for name, value in (self._ids(about) | variables).items()},
        }
        return ExternalTask(context)

    def _ids(self, about: About) -> dict[str, Any]:
        """The variables that tell the worker what a task is about."""
        match about:
            case About.ITEM:
                return {"item_id": self.order["items"][0]["id"]}
            case About.PARCEL:
                return {"shipment_id": self._latest_parcel()}
            case About.ORDER:
                return {}

    def _latest_parcel(self) -> str | None:
        query = "SELECT id FROM shipments WHERE order_id = :order_id ORDER BY shipped_at DESC LIMIT 1"
        with transaction() as session:
            shipment_id = session.scalar(text(query), {"order_id": self.order["id"]})
            return None if shipment_id is None else str(shipment_id)

    def walk(self, *steps: Step) -> None:
        for step in steps:
            result = work(self.task(*step))
            assert result.is_success(), result

    def ship(self, warehouse: Client, quantity: int = 2) -> str:
        """Units of the first item leave; returns the shipment's id."""
        lines = [{"line_id": self.order["items"][0]["line_id"], "quantity": quantity}]
        body = {"carrier": "dhl", "tracking_number": str(uuid4()), "lines": lines}
        answer = warehouse.post(f"/v1/orders/{self.order['id']}/shipments", body)
        assert answer.status_code == 201, answer.text
        return str(answer.get_json()["id"])

    def ship_and_deliver(self, warehouse: Client, quantity: int = 2) -> None:
        shipment_id = self.ship(warehouse, quantity)
        assert warehouse.post(f"/v1/shipments/{shipment_id}/deliveries", {}).status_code == 201

    def report_unable(self, warehouse: Client, reason: str = "damaged", **more: str) -> None:
        path = f"/v1/items/{self.order['items'][0]['id']}/unable-to-ship"
        assert warehouse.post(path, {"reason": reason, **more}).status_code == 201

    def leave(self) -> None:
        """The goods have left, but the warehouse has not reported it."""
        left = "UPDATE warehouse_jobs SET shipped_at = now(), parcel = :parcel WHERE order_id = :order_id"
        with transaction() as session:
            session.execute(text(left), {"order_id": self.order["id"], "parcel": f"W-{uuid4().hex[:12]}"})

    def waiting_messages(self) -> list[str]:
        query = "SELECT name FROM outbox WHERE business_key = :business_key AND kind = 'message' AND state = 'pending'"
        query += " ORDER BY id"
        with transaction() as session:
            return list(session.scalars(text(query), {"business_key": self.order["number"]}))

    def of_refund(self, channel: Client) -> "Flow":
        """The flow of a new refund of one unit of the first item."""
        items = [{"line_id": self.order["items"][0]["line_id"], "quantity": 1, "goods": "lost"}]
        body = {"items": items, "reason": "lost_on_the_way"}
        answer = channel.post(f"/v1/orders/{self.order['id']}/refunds", body, Idempotency_Key=str(uuid4()))
        assert answer.status_code == 201, answer.text
        return Flow({**self.order, "number": answer.get_json()["number"]}, process="order-refund")

    def of_return(self, channel: Client) -> "Flow":
        """The flow of a new return of one unit of the first item."""
        items = [{"line_id": self.order["items"][0]["line_id"], "quantity": 1, "reason": "changed_mind"}]
        answer = channel.post(f"/v1/orders/{self.order['id']}/returns", {"items": items}, Idempotency_Key=str(uuid4()))
        assert answer.status_code == 201, answer.text
        return Flow({**self.order, "number": answer.get_json()["number"]}, process="order-return")

    def first_line(self) -> str:
        """The id of the first line of the return."""
        query = "SELECT l.id FROM return_lines l JOIN returns r ON r.id = l.return_id WHERE r.number = :number"
        with transaction() as session:
            return str(session.scalar(text(f"{query} ORDER BY l.position LIMIT 1"), {"number": self.order["number"]}))

    def of_surplus(self, channel: Client) -> "Flow":
        """The flow about a refund that the gateway declined, paid at the second try, and then paid all the same."""
        self.decline_refunds()
        refund = self.of_refund(channel)
        refund.walk(*REFUND[:2])
        work(refund.task(Topic.REFUND, {}))
        refund.walk(*DECLINED_REFUND, *REFUND[2:])
        [declined, _] = refund.payments(channel)
        report(channel, "refund_done", declined)
        return Flow(refund.order, process="refund-paid-twice")

    def payments(self, channel: Client) -> list[str]:
        """The ids of the requests of this refund, oldest first."""
        return [str(row["id"]) for row in channel.get(f"/v1/refunds/{self.order['number']}").get_json()["payments"]]

    def decline_refunds(self) -> None:
        """From now on, the simulated gateway declines refunds of the order."""
        card = "UPDATE simulator_payments SET token = :token WHERE key IN"
        with transaction() as session:
            of_order = "(SELECT id FROM payment_transactions WHERE order_id = :id)"
            token = f"tok_decline_refund_once:{uuid4()}"
            session.execute(text(f"{card} {of_order}"), {"id": self.order["id"], "token": token})

    def expire_authorization(self) -> None:
        with transaction() as session:
            order = repository.get_for_update(session, RELAY, UUID(self.order["id"]))
            [authorization] = ledger.done(ledger.rows_of(session, order.id), TransactionKind.AUTHORIZE)
            assert book_expiry(session, RELAY, order, authorization)

    def cancel(self, channel: Client) -> None:
        channel.post(f"/v1/orders/{self.order['id']}/cancellations", {"reason": "changed_mind"})


def work(task: ExternalTask) -> TaskResult:
    result = execute(task, handlers())
    assert result is not None
    return result


def everything() -> Rows:
    """A fingerprint of every table but of what keys ask, made where the rows are: other tests may have left many."""
    with engine().connect() as connection:
        tables = set(inspect(connection).get_table_names()) - {RateReport.__tablename__}
        query = 'SELECT count(*), coalesce(sum(hashtextextended(row::text, 0)), 0) FROM "{}" AS row'
        return {table: tuple(connection.execute(text(query.format(table))).one()) for table in tables}
