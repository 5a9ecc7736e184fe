"""One process per order (J2): a twin is deleted and logged, and an operator chooses the instance that stays."""

import json
from uuid import uuid4

import pytest

from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until


def waiting(shop: Shop) -> Json:
    order = shop.place()
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    return order


def of_the_order(shop: Shop, order: Json) -> list[Json]:
    """All processes that the order itself ever had, without those of its items."""
    asked = {"processInstanceBusinessKey": order["number"], "processDefinitionKey": "order-submit"}
    return list(shop.engine("GET", "/history/process-instance", **asked, sortBy="startTime", sortOrder="asc"))


def start_another(shop: Shop, order: Json) -> str:
    """Starts a second process, as after a start whose answer was lost."""
    variables = shop.engine("GET", f"/process-instance/{of_the_order(shop, order)[0]['id']}/variables")
    typed = {name: {"value": v["value"], "type": v["type"]} for name, v in variables.items() if v["type"] != "Json"}
    typed["items"] = {"value": json.dumps(variables["items"]["value"]), "type": "Json"}
    body = {"businessKey": order["number"], "variables": typed}
    return str(shop.engine("POST", "/process-definition/key/order-submit/start", body)["id"])


def state_of(shop: Shop, instance: str) -> str:
    return str(shop.engine("GET", f"/history/process-instance/{instance}")["state"])


def finish(shop: Shop, order: Json) -> None:
    shop.deliver(shop.ship(order))
    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])


def test_a_second_process_of_an_order_is_deleted_before_any_work_and_logged(shop: Shop) -> None:
    order = waiting(shop)
    before = shop.system.log("workers").count("twin_process_deleted")

    twin = start_another(shop, order)

    wait_until(lambda: state_of(shop, twin) == "EXTERNALLY_TERMINATED", what="the end of the twin")
    assert shop.system.log("workers").count("twin_process_deleted") == before + 1
    finish(shop, order)
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}


def test_a_process_that_an_operator_binds_and_restarts_goes_on(shop: Shop) -> None:
    order = waiting(shop)
    [old] = of_the_order(shop, order)
    shop.engine("DELETE", f"/process-instance/{old['id']}")

    output = shop.system.command("bind-process", order["number"])
    restart = {
        "processInstanceIds": [old["id"]],
        "instructions": [{"type": "startBeforeActivity", "activityId": "sub_each_item#multiInstanceBody"}],
    }
    shop.engine("POST", f"/process-definition/{old['processDefinitionId']}/restart", restart)

    assert "the next process" in output
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    finish(shop, order)
    new = of_the_order(shop, order)[-1]
    assert (new["state"], new["id"] != old["id"]) == ("COMPLETED", True)
    [process] = shop.order(order["id"])["processes"]
    assert process["process_instance_id"] == new["id"]


def test_a_process_that_was_lost_is_started_anew_and_does_nothing_twice(shop: Shop) -> None:
    order = waiting(shop)
    [old] = of_the_order(shop, order)
    shop.engine("DELETE", f"/process-instance/{old['id']}")

    shop.system.command("restart-process", order["number"])

    shop.wait_for_activity(order["id"], "wait_for_shipment")
    finish(shop, order)
    assert [instance["state"] for instance in of_the_order(shop, order)] == ["EXTERNALLY_TERMINATED", "COMPLETED"]
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}
    assert shop.mailbox.to(order["customer"]["email"]).count(f"Your order {order['number']}") == 1


def test_a_canceled_order_whose_process_is_started_anew_is_undone(shop: Shop) -> None:
    """The process that received its cancellation no longer exists."""
    order = waiting(shop)
    [old] = of_the_order(shop, order)
    shop.system.stop("workers")
    shop.cancel(order["id"])
    wait_until(lambda: shop.sql(DELIVERED, order["number"]), what="the message delivered")
    shop.engine("DELETE", f"/process-instance/{old['id']}")
    shop.system.command("restart-process", order["number"])

    shop.system.start("workers")

    shop.wait_for_status(order["id"], "canceled")
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 0, "void": 1000}
    shop.wait_until_ended(order["id"])


DELIVERED = "SELECT 1 FROM outbox WHERE business_key = %s AND name = 'cancel-order' AND state = 'delivered'"


def test_an_instance_can_be_bound_by_its_id(shop: Shop) -> None:
    order = waiting(shop)
    [instance] = of_the_order(shop, order)

    shop.system.command("bind-process", order["number"], instance["id"])

    finish(shop, order)


def test_a_slip_of_the_operator_does_not_make_the_workers_delete_the_right_process(shop: Shop) -> None:
    order = waiting(shop)

    with pytest.raises(AssertionError, match="is not a running order-submit of"):
        shop.system.command("bind-process", order["number"], str(uuid4()))
    for command in ("bind-process", "restart-process"):
        with pytest.raises(AssertionError, match="is still running: delete it in Cockpit first"):
            shop.system.command(command, order["number"])

    finish(shop, order)


def test_an_order_that_is_not_there_cannot_be_bound(shop: Shop) -> None:
    with pytest.raises(AssertionError, match="Error: N-1 has no process 'order-submit'"):
        shop.system.command("bind-process", "N-1")


def test_a_worker_that_is_asked_to_end_finishes_its_task_and_ends_well(shop: Shop) -> None:
    order = shop.place(token="tok_slow")
    asked = "SELECT 1 FROM payment_transactions WHERE order_id = %s AND status = 'requested'"
    wait_until(lambda: shop.sql(asked, order["id"]), what="a request under way")

    exit_code = shop.system.stop("workers")

    [process] = shop.instances(order["id"])
    tasks = shop.engine("GET", "/external-task", processInstanceId=process)
    shop.system.start("workers")
    assert exit_code == 0
    assert [(task["topicName"], task["workerId"]) for task in tasks] == [("notify-customer", None)]
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    finish(shop, order)
