"""A second kind of process, about a return, runs beside the order's process, though our code does not know the kind."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

import pytest

from order_api.access.actor import system_actor
from order_api.camunda.engine import get, post, session, url
from order_api.core.database import transaction
from order_api.orders import history
from order_api.orders.repository import get_for_update
from order_api.outbox.models import OutboxRow, RowState
from order_api.outbox.subjects import Subject
from order_api.outbox.wake_ups import WAKE_UPS, WakeUp
from order_api.progress.processes import processes_of
from order_api.words.events import Event
from tests.factories.returns import request_return_process
from tests.fixtures.lab import Lab, working
from tests.fixtures.service import forget_settings
from tests.fixtures.shop import Shop
from tests.fixtures.system import HELD_UP, wait_until

MODEL = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="lab"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<bpmn:message id="message_goods" name="{goods}"/>
<bpmn:process id="{key}" isExecutable="true" camunda:historyTimeToLive="P1D">
 <bpmn:startEvent id="start"/>
 <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="task_before"/>
 <bpmn:serviceTask id="task_before" camunda:type="external" camunda:topic="{key}"/>
 <bpmn:sequenceFlow id="f2" sourceRef="task_before" targetRef="wait_for_goods"/>
 <bpmn:intermediateCatchEvent id="wait_for_goods"><bpmn:messageEventDefinition messageRef="message_goods"/>
 </bpmn:intermediateCatchEvent>
 <bpmn:sequenceFlow id="f3" sourceRef="wait_for_goods" targetRef="task_behind"/>
 <bpmn:serviceTask id="task_behind" camunda:type="external" camunda:topic="{key}"/>
 <bpmn:sequenceFlow id="f4" sourceRef="task_behind" targetRef="end"/>
 <bpmn:endEvent id="end"/>
</bpmn:process></bpmn:definitions>"""


@dataclass
class ReturnOfTests:
    """A return of an order with its own process, which no release of ours contains."""

    order_id: UUID
    order_number: str
    lab: Lab = field(default_factory=Lab)
    worked: list[tuple[Subject, str]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    @cached_property
    def subject(self) -> Subject:
        return Subject("return", uuid4(), self.order_id, self.number)

    @property
    def key(self) -> str:
        return self.lab.topic

    @property
    def number(self) -> str:
        return f"{self.order_number}-R1"

    @property
    def goods(self) -> str:
        return f"goods-{self.key}"

    def deploy(self) -> None:
        model = MODEL.format(key=self.key, goods=self.goods)
        session().post(url("/deployment/create"), data={"deployment-name": self.key}, files={"m": ("m.bpmn", model)})

    def start(self) -> None:
        with transaction() as session:
            request_return_process(session, self.subject, self.key)

    def goods_arrive(self) -> None:
        """States a fact about the return, which the table turns into a message of its process."""
        of_return: Any = WakeUp(self.goods, self.key, "return")  # type: ignore[arg-type]
        with pytest.MonkeyPatch.context() as table, transaction() as session:
            table.setitem(WAKE_UPS, Event.ITEM_DELIVERED, (*WAKE_UPS[Event.ITEM_DELIVERED], of_return))
            order = get_for_update(session, system_actor("test"), self.order_id)
            history.record(session, order, Event.ITEM_DELIVERED, system_actor("test"), subject=self.subject)

    def work(self, subject: Subject, activity_id: str) -> None:
        self.go_on.wait(HELD_UP)
        self.worked.append((subject, activity_id))

    def instances(self) -> dict[str, str]:
        """The state of every instance, ended ones included."""
        asked = {"processInstanceBusinessKey": self.number, "processDefinitionKey": self.key}
        return {row["id"]: row["state"] for row in get("/history/process-instance", **asked)}

    def waits_in(self, instance: str) -> bool:
        return bool(get("/execution", processInstanceId=instance, activityId="wait_for_goods"))

    def bound(self) -> str | None:
        with transaction() as session:
            return next((row.process_instance_id for row in processes_of(session, self.number)), None)

    def row(self, name: str) -> OutboxRow:
        with transaction() as session:
            rows = session.query(OutboxRow).filter_by(business_key=self.number, name=name).order_by(OutboxRow.id)
            return list(rows)[-1]


@pytest.fixture(scope="module")
def in_the_shop(connected: None, shop: Shop) -> Iterator[None]:
    """Connects the service code that the tests call directly to the shop's database."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", shop.system.env["DATABASE_URL"])
        forget_settings()
        yield
    forget_settings()


@pytest.fixture
def second(in_the_shop: None, shop: Shop) -> Iterator[ReturnOfTests]:
    """A return of an order whose own process waits for a shipment; the shop's relay sends the rows of both."""
    order = shop.place()
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    made = ReturnOfTests(UUID(order["id"]), order["number"])
    made.deploy()
    yield made
    made.go_on.set()


@pytest.mark.timeout(300)
def test_a_second_process_starts_while_the_first_runs_and_outlives_it(second: ReturnOfTests, shop: Shop) -> None:
    with working(second.lab.handler(second.work)):
        second.start()
        wait_until(lambda: len(second.instances()) == 1, what="the second process beside the first")
        second.goods_arrive()
        wait_until(lambda: second.row(second.goods).attempts > 0, what="a message before its wait is reached")

        order = shop.order(str(second.order_id))
        shop.deliver(shop.ship(order))
        shop.wait_for_status(order["id"], "completed")
        shop.wait_until_ended(order["id"])
        tries = second.row(second.goods).attempts
        wait_until(
            lambda: second.row(second.goods).attempts > tries, what="another try after the end of the first process"
        )
        assert second.row(second.goods).state == RowState.PENDING, "it survives the end of the first process"

        second.go_on.set()
        wait_until(lambda: set(second.instances().values()) == {"COMPLETED"}, what="the end of the second process")

    assert second.worked == [(second.subject, "task_before"), (second.subject, "task_behind")]
    wait_until(
        lambda: second.row(second.goods).state == RowState.DELIVERED, what="the relay to note what the engine took"
    )


@pytest.mark.timeout(300)
def test_a_second_process_that_is_started_twice_is_worked_once(second: ReturnOfTests) -> None:
    second.go_on.set()
    with working(second.lab.handler(second.work)):
        second.start()
        wait_until(lambda: second.bound() is not None, what="the first instance bound")
        twin = post(f"/process-definition/key/{second.key}/start", {"businessKey": second.number})["id"]

        wait_until(lambda: second.instances()[twin] == "EXTERNALLY_TERMINATED", what="the end of the twin")

    assert [activity for _, activity in second.worked] == ["task_before"]
    assert second.bound() != twin


@pytest.mark.timeout(300)
def test_a_second_process_that_was_lost_is_restarted_and_its_message_is_kept(second: ReturnOfTests, shop: Shop) -> None:
    second.go_on.set()
    with working(second.lab.handler(second.work)):
        second.start()
        lost = wait_until(second.bound, what="the first instance bound")
        wait_until(lambda: second.waits_in(lost), what="the first instance at its wait")
        session().delete(url(f"/process-instance/{lost}"))
        second.goods_arrive()
        wait_until(lambda: second.row(second.goods).attempts > 0, what="a message that finds no flow")
        assert second.row(second.goods).state == RowState.PENDING, "a deleted process has not come to its end"

        shop.system.command("restart-process", second.number, "--process", second.key)

        wait_until(lambda: "COMPLETED" in second.instances().values(), what="the end of the new instance")

    assert second.instances()[lost] == "EXTERNALLY_TERMINATED"
    assert [activity for _, activity in second.worked] == ["task_before", "task_before", "task_behind"]


@pytest.mark.timeout(300)
def test_a_message_for_a_process_that_has_come_to_its_end_is_dropped_and_the_end_is_written_down(
    second: ReturnOfTests,
) -> None:
    second.go_on.set()
    with working(second.lab.handler(second.work)):
        second.start()
        second.goods_arrive()
        wait_until(lambda: set(second.instances().values()) == {"COMPLETED"}, what="the end of the process")
        second.goods_arrive()

        wait_until(lambda: second.row(second.goods).state == RowState.DROPPED, what="the message dropped")

    with transaction() as session:
        [process] = processes_of(session, second.number)
    assert process.ended_at is not None
    assert process.started_at is not None
