"""Several parcels of an order may wait for a decision at once: each decision is about its own parcel."""

from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

CSR, SUPERVISOR = "carla-csr", "sue-supervisor"


def ready_to_ship(shop: Shop, quantity: int = 1, token: str = "tok_approve") -> Json:
    order = shop.place(shop.line("MUG-WHITE", quantity), token=token)
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    return order


def test_decisions_about_two_parcels_of_an_order_do_not_mix(shop: Shop) -> None:
    """A decision to try the capture of one parcel again does not apply to the other."""
    order = ready_to_ship(shop, 2, "tok_decline_capture")
    for _ in range(2):
        shop.deliver(shop.ship(order, 1))
    first, second = wait_until(lambda: declined(shop, order, 2), what="a task for each parcel")

    shop.submit(first, decision("retry"), SUPERVISOR)
    again = wait_until(
        lambda: [task for task in declined(shop, order, 2) or [] if task not in (first, second)], what="a new task"
    )

    assert second in (declined(shop, order, 2) or [])
    tries = shop.sql("SELECT count(*) FROM payment_transactions WHERE order_id = %s AND kind = 'capture'", order["id"])
    assert (len(again), tries) == (1, [(3,)])
    shop.call("POST", f"/v1/orders/{order['id']}/payments", {"type": "card", "token": "tok_approve:other"})
    shop.wait_for_status(order["id"], "completed")


def declined(shop: Shop, order: Json, number: int) -> list[str] | None:
    tasks = [task for i in shop.instances(order["id"]) for task in shop.engine("GET", "/task", processInstanceId=i)]
    return [task["id"] for task in tasks] if len(tasks) == number else None


def decision(word: str) -> Json:
    return {"decision": {"value": word}, "decision_reason": {"value": "said so"}}


def test_each_decision_about_a_parcel_is_recorded_with_the_colleague_who_took_it(shop: Shop) -> None:
    """Two colleagues decide, one about each parcel, before a worker records the first decision."""
    order = ready_to_ship(shop, 2, "tok_decline_capture")
    parcels = {shop.ship(order, 1)["id"] for _ in range(2)}
    process = shop.wait_for_task(order["id"], "usertask_capture_declined")["processInstanceId"]
    tasks = wait_until(lambda: two_tasks(shop, process), what="a task for each parcel")
    shop.system.stop("workers")
    try:
        for task, user in zip(tasks, (CSR, SUPERVISOR), strict=True):
            variables = {"decision": {"value": "retry"}, "decision_reason": {"value": f"said {user}"}}
            shop.engine("POST", f"/task/{task}/claim", {"userId": user}, user=user)
            shop.submit(task, variables, user)
    finally:
        shop.system.start("workers")

    decisions = wait_until(lambda: two_decisions(shop, order), what="both decisions")
    assert {(e["actor_id"], e["reason"]) for e in decisions} == {
        (CSR, f"said {CSR}"),
        (SUPERVISOR, f"said {SUPERVISOR}"),
    }
    assert {e["details"]["shipment_id"] for e in decisions} == parcels
    wait_until(lambda: two_tasks(shop, process), what="both tasks again")
    card = {"type": "card", "token": "tok_approve:other"}
    assert shop.call("POST", f"/v1/orders/{order['id']}/payments", card).status_code == 201
    shop.deliver_shipped(order)
    shop.wait_for_status(order["id"], "completed")


def test_a_new_card_that_arrives_just_after_the_decision_to_write_off_pays_instead(shop: Shop) -> None:
    order = ready_to_ship(shop, token="tok_decline_capture")
    shop.ship(order, 1)
    shop.wait_for_task(order["id"], "usertask_capture_declined")
    shop.system.stop("workers")
    try:
        shop.decide(order["id"], "usertask_capture_declined", SUPERVISOR, "write_off", "She will not pay.")
        card = {"type": "card", "token": "tok_approve:last"}
        assert shop.call("POST", f"/v1/orders/{order['id']}/payments", card).status_code == 201
    finally:
        shop.system.start("workers")

    shop.deliver_shipped(order)

    bill = shop.wait_for_status(order["id"], "completed")["bill"]
    assert (bill["captured"], bill["written_off"], bill["outstanding"]) == ("10.00", "0.00", "0.00")
    shop.wait_until_ended(order["id"])


def two_tasks(shop: Shop, process: str) -> list[str]:
    tasks = [task["id"] for task in shop.engine("GET", "/task", processInstanceId=process)]
    return tasks if len(tasks) == 2 else []


def two_decisions(shop: Shop, order: Json) -> list[Json]:
    taken = [event for event in shop.history(order["id"]) if event["event"] == "decision.taken"]
    return taken if len(taken) == 2 else []


def test_a_decision_that_points_at_a_parcel_of_another_order_comes_back_to_the_queue(shop: Shop) -> None:
    other = ready_to_ship(shop, token="tok_decline_capture")
    parcel_of_other = shop.ship(other)
    order = ready_to_ship(shop, token="tok_decline_capture_once")
    shop.deliver(shop.ship(order))

    aim = {"shipment_id": {"value": parcel_of_other["id"], "type": "String"}}
    task = shop.wait_for_task(order["id"], "usertask_capture_declined")
    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry", slipped_in=aim)

    wait_until(
        lambda: shop.wait_for_task(order["id"], "usertask_capture_declined")["id"] != task["id"], what="a new task"
    )
    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry")
    shop.wait_for_status(order["id"], "completed")
    assert shop.money(other["id"])["capture"] == 0
