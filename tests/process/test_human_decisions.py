"""The history records who decided what in each queue, and no content of a decision harms an order."""

from typing import Any
from uuid import UUID

import pytest
import responses

from order_api.camunda.engine import url
from order_api.orders.errors import ItemNotFound
from order_api.outbox.subjects import Subject
from tests.factories.orders import line
from tests.factories.waits import capture_declined_once
from tests.fixtures.service import Client
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until
from workers.topics import record_decision

CSR, STORE, SUPERVISOR = "carla-csr", "stan-store", "sue-supervisor"


def subject_of(order: Json) -> Subject:
    return Subject("order", UUID(order["id"]), UUID(order["id"]), order["number"])


def decisions(shop: Shop, order: Json) -> list[tuple[str, ...]]:
    """(kind of actor, who, queue, decision, reason) of each decision."""
    return [
        (e["actor_kind"], e["actor_id"], e["details"]["queue"], e["details"]["decision"], e["reason"])
        for e in shop.history(order["id"])
        if e["event"] == "decision.taken"
    ]


def ready_to_ship(shop: Shop, **changes: Any) -> Json:
    order = shop.place(**changes)
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    return order


def payment_declined(shop: Shop) -> Json:
    return shop.place(token="tok_decline")


def unable_to_ship(shop: Shop) -> Json:
    order = ready_to_ship(shop)
    shop.report_unable(order["items"][0])
    return order


@pytest.mark.parametrize(
    ("place", "queue", "user", "decision"),
    [
        (Shop.place_suspicious, "usertask_review_fraud", SUPERVISOR, "reject"),
        (payment_declined, "usertask_payment_declined", CSR, "cancel"),
        (unable_to_ship, "usertask_unable_to_ship", STORE, "cancel_item"),
    ],
)
def test_the_history_says_who_ended_an_order_and_why(
    shop: Shop, place: Any, queue: str, user: str, decision: str
) -> None:
    order = place(shop)

    shop.decide(order["id"], queue, user, decision, "Talked to the customer.")

    shop.wait_for_status(order["id"], "canceled")
    assert decisions(shop, order) == [("staff", user, queue, decision, "Talked to the customer.")]


def test_the_history_says_who_had_a_declined_capture_tried_again(shop: Shop) -> None:
    order = ready_to_ship(shop, token="tok_decline_capture_once")
    shop.deliver(shop.ship(order))

    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry", "Bank says yes now.")

    shop.wait_for_status(order["id"], "completed")
    assert decisions(shop, order) == [("staff", CSR, "usertask_capture_declined", "retry", "Bank says yes now.")]


@pytest.mark.usefixtures("idle_warehouse")
def test_the_history_says_who_talked_to_a_customer_whose_goods_were_too_late_to_recall(shop: Shop) -> None:
    order = ready_to_ship(shop, token="tok_decline_capture_once")
    shop.leave(order["items"][0])
    shop.cancel(order["id"])

    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry", "Try again.")
    shop.decide(order["id"], "usertask_shipped_after_cancel", SUPERVISOR, "customer_keeps", "Keeps it.")

    shop.wait_for_status(order["id"], "completed")
    assert decisions(shop, order) == [
        ("staff", CSR, "usertask_capture_declined", "retry", "Try again."),
        ("staff", SUPERVISOR, "usertask_shipped_after_cancel", "customer_keeps", "Keeps it."),
    ]
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}


# Invalid decisions.


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"value": 42, "type": "Integer"}, "42"),
        ({"value": True, "type": "Boolean"}, "True"),
        ({"value": None, "type": "Null"}, "none"),
    ],
    ids=["number", "yes", "nothing"],
)
def test_a_decision_that_is_not_text_is_recorded_and_comes_back_to_the_queue(
    shop: Shop, sent: Json, shown: str
) -> None:
    order = shop.place_suspicious()
    task = shop.wait_for_task(order["id"], "usertask_review_fraud")
    variables = {"decision": sent, "decision_reason": sent}

    shop.engine("POST", f"/task/{task['id']}/complete", {"variables": variables}, user=SUPERVISOR)

    wait_until(lambda: decisions(shop, order), what="the decision in the history")
    again = wait_until(lambda: another_task(shop, order, task), what="the task again")
    assert again["assignee"] is None
    assert decisions(shop, order)[0][:4] == ("staff", SUPERVISOR, "usertask_review_fraud", shown)
    shop.decide(order["id"], "usertask_review_fraud", SUPERVISOR, "reject")
    shop.wait_for_status(order["id"], "canceled")


def another_task(shop: Shop, order: Json, task: Json) -> Any:
    [instance] = shop.instances(order["id"])
    found = shop.engine("GET", "/task", processInstanceId=instance)
    return found[0] if found and found[0]["id"] != task["id"] else None


def test_a_token_that_an_operator_moves_past_a_queue_comes_back_to_it(shop: Shop) -> None:
    order = shop.place_suspicious()
    task = shop.wait_for_task(order["id"], "usertask_review_fraud")
    moves = [
        {"type": "startBeforeActivity", "activityId": "task_record_fraud_review"},
        {"type": "cancel", "activityId": "usertask_review_fraud"},
    ]

    shop.engine("POST", f"/process-instance/{task['processInstanceId']}/modification", {"instructions": moves})

    wait_until(lambda: another_task(shop, order, task), what="the task again")
    assert decisions(shop, order)[0][:4] == ("staff", "unknown", "usertask_review_fraud", "none")
    shop.decide(order["id"], "usertask_review_fraud", SUPERVISOR, "reject")
    shop.wait_for_status(order["id"], "canceled")


def test_a_token_that_is_moved_past_a_queue_does_not_reuse_an_earlier_decision(shop: Shop) -> None:
    order = shop.place_suspicious()
    first = shop.wait_for_task(order["id"], "usertask_review_fraud")
    unclear = {"decision": {"value": "perhaps", "type": "String"}}
    shop.engine("POST", f"/task/{first['id']}/complete", {"variables": unclear}, user=SUPERVISOR)
    second = wait_until(lambda: another_task(shop, order, first), what="the task again")
    moves = [
        {"type": "startBeforeActivity", "activityId": "task_record_fraud_review"},
        {"type": "cancel", "activityId": "usertask_review_fraud"},
    ]

    shop.engine("POST", f"/process-instance/{second['processInstanceId']}/modification", {"instructions": moves})

    wait_until(lambda: another_task(shop, order, second), what="the task once more")
    assert [decision[:4] for decision in decisions(shop, order)] == [
        ("staff", SUPERVISOR, "usertask_review_fraud", "perhaps"),
        ("staff", "unknown", "usertask_review_fraud", "none"),
    ]
    shop.decide(order["id"], "usertask_review_fraud", SUPERVISOR, "reject")
    shop.wait_for_status(order["id"], "canceled")


@pytest.mark.usefixtures("connected")
def test_a_decision_about_an_item_of_another_order_is_refused(channel: Client) -> None:
    order, other = channel.place(line()), channel.place(line())
    given: dict[str, Any] = {"process_instance_id": "P-1", "decision_of": "usertask_unable_to_ship"}
    given |= {"decision": "retry", "decision_reason": "slipped in"}

    with pytest.raises(ItemNotFound):
        record_decision.handle(subject_of(order), UUID(other["items"][0]["id"]), None, "T-1", **given)


@pytest.mark.usefixtures("connected")
def test_a_decision_is_written_down_once_however_often_its_task_is_worked(channel: Client) -> None:
    order = channel.place(line())
    given: dict[str, Any] = {"process_instance_id": "P-1", "decision_of": "usertask_unable_to_ship"}
    given |= {"decision": 7, "decision_reason": ["no", "text\x00"]}
    item_id = order["items"][0]["id"]
    completion = {"id": "U-1", "assignee": CSR, "endTime": "2026-11-28T10:00:00.000+0000"}

    with responses.RequestsMock() as engine:
        engine.get(url("/history/task"), json=[completion])
        answers = [record_decision.handle(subject_of(order), UUID(item_id), None, "T-1", **given) for _ in range(2)]
        later = record_decision.handle(subject_of(order), UUID(item_id), None, "T-2", **given)

    events = channel.get(f"/v1/orders/{order['id']}/history").get_json()["events"]
    first, second = [event for event in events if event["event"] == "decision.taken"]
    assert (first["actor_id"], first["item_id"]) == (CSR, item_id)
    assert (first["details"]["decision"], first["reason"]) == ("7", "['no', 'text\\x00']")
    assert answers == [{"decision": "7"}] * 2
    # The completion belongs to the first task; the flow reached the second one without the queue.
    assert (second["actor_id"], second["details"]["decision"], later) == ("unknown", "none", {"decision": ""})


# Other variables that a person in a queue can set.


def written(**values: str) -> Json:
    return {name: {"value": value, "type": "String"} for name, value in values.items()}


def test_a_colleague_who_writes_another_order_into_her_task_does_not_touch_it(shop: Shop) -> None:
    other, order = ready_to_ship(shop), unable_to_ship(shop)
    before, item_of_other = shop.history(other["id"]), other["items"][0]["id"]

    aim = written(order_id=other["id"], item_id=item_of_other, order_number=other["number"])
    shop.decide(order["id"], "usertask_unable_to_ship", CSR, "cancel_item", slipped_in=aim)

    shop.wait_for_status(order["id"], "canceled")
    assert shop.history(other["id"]) == before
    shop.deliver(shop.ship(other))
    shop.wait_for_status(other["id"], "completed")


def test_a_colleague_who_points_her_task_at_a_sibling_decides_about_her_own_item(shop: Shop) -> None:
    order = shop.place(shop.line("MUG-WHITE", 1), shop.line("POSTER-A2", 1))
    shop.wait_until_sent([item["id"] for item in order["items"]])
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    sibling, own = order["items"]
    shop.report_unable(own)

    aim = {"item_id": {"value": sibling["id"]}}
    shop.decide(order["id"], "usertask_unable_to_ship", CSR, "cancel_item", slipped_in=aim)

    shop.wait_for_item_status(order["id"], "canceled", item=1)
    assert [item["canceled_quantity"] for item in shop.order(order["id"])["items"]] == [0, 1]


def test_a_colleague_cannot_drop_an_item_from_the_order(shop: Shop) -> None:
    order = shop.place(shop.line("MUG-WHITE", 1), shop.line("POSTER-A2", 1), token="tok_decline")
    task = shop.wait_for_task(order["id"], "usertask_payment_declined")

    items = {"value": "[]", "type": "Json"}
    shop.decide(order["id"], "usertask_payment_declined", CSR, "retry", slipped_in={"items": items})
    wait_until(lambda: another_task(shop, order, task), what="the task again")
    shop.call("POST", f"/v1/orders/{order['id']}/payments", {"type": "card", "token": "tok_approve"})

    shop.wait_until_sent([item["id"] for item in order["items"]])


def test_an_item_id_that_a_colleague_writes_into_an_order_does_not_limit_the_undo_to_this_item(shop: Shop) -> None:
    order = shop.place(shop.line("MUG-WHITE", 1), shop.line("POSTER-A2", 1), token="tok_decline_once")
    aim = written(item_id=order["items"][0]["id"])
    shop.decide(order["id"], "usertask_payment_declined", CSR, "retry", slipped_in=aim)
    shop.wait_until_sent([item["id"] for item in order["items"]])

    shop.cancel(order["id"])

    canceled = shop.wait_for_status(order["id"], "canceled")
    assert [item["status"] for item in canceled["items"]] == ["canceled", "canceled"]
    assert {row["status"] for row in canceled["reservations"]} == {"released"}


def test_a_decision_of_a_colleague_without_access_to_the_collection_comes_back_to_the_queue(shop: Shop) -> None:
    order = payment_declined(shop)
    task = shop.wait_for_task(order["id"], "usertask_payment_declined")
    shop.sql("UPDATE users SET collection_ids = '[]' WHERE username = %s", CSR)
    try:
        shop.decide(order["id"], "usertask_payment_declined", CSR, "cancel")
        wait_until(lambda: another_task(shop, order, task), what="the task again")
    finally:
        shop.sql("UPDATE users SET collection_ids = NULL WHERE username = %s", CSR)

    refused = [e for e in shop.history(order["id"]) if e["event"] == "decision.refused"]
    assert [(e["actor_id"], e["details"]["decision"]) for e in refused] == [(CSR, "cancel")]
    assert decisions(shop, order) == []
    shop.decide(order["id"], "usertask_payment_declined", CSR, "cancel")
    shop.wait_for_status(order["id"], "canceled")


REFUSALS = [(CSR, "She will not pay.", "the person may not take it"), (SUPERVISOR, " ", "a reason is required")]


@pytest.mark.usefixtures("idle_warehouse")
@pytest.mark.parametrize(("user", "reason", "why_not"), REFUSALS)
def test_only_a_supervisor_with_a_reason_writes_off(shop: Shop, user: str, reason: str, why_not: str) -> None:
    order = capture_declined_once(shop)
    task = shop.wait_for_task(order["id"], "usertask_capture_declined")

    shop.decide(order["id"], "usertask_capture_declined", user, "write_off", reason)
    queue = "usertask_capture_declined"
    wait_until(lambda: shop.wait_for_task(order["id"], queue)["id"] != task["id"], what="a new task")
    refused = [event for event in shop.history(order["id"]) if event["event"] == "decision.refused"]
    written_off = shop.order(order["id"])["bill"]["written_off"]
    shop.decide(order["id"], "usertask_capture_declined", SUPERVISOR, "write_off", "She will not pay.")

    assert ([event["details"]["refused"] for event in refused], written_off) == ([why_not], "0.00")
    shop.deliver_shipped(order)
    done = shop.wait_for_status(order["id"], "completed")
    assert (done["bill"]["written_off"], done["bill"]["outstanding"]) == ("10.00", "0.00")
    shop.wait_until_ended(order["id"])
