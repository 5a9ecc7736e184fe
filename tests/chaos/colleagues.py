"""Acts of people during and after the chaos: colleagues work every queue, and the warehouse ships on call."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle

import requests

from tests.fixtures.shop import Shop

DECISIONS: dict[str, Iterator[str]] = {
    "usertask_review_fraud": cycle(["accept"]),
    "usertask_payment_declined": cycle(["retry"]),
    "usertask_payment_expired": cycle(["retry", "cancel_item"]),
    "usertask_capture_declined": cycle(["retry"]),
    "usertask_money_unexplained": cycle(["check_again"]),
    "usertask_unable_to_ship": cycle(["retry", "cancel_item"]),
    "usertask_shipped_after_cancel": cycle(["customer_keeps", "customer_returns"]),
    "usertask_route_item": cycle(["ship_to_home", "cancel_item"]),
    "usertask_approve_refund": cycle(["grant_refund", "refuse_refund"]),
    "usertask_refund_refused": cycle(["retry_refund", "pay_outside"]),
    "usertask_pay_outside": cycle(["booked"]),
    "usertask_paid_twice": cycle(["came_back", "written_off"]),
    "usertask_return_approval": cycle(["approve_return", "refuse_return"]),
    "usertask_return_differs": cycle(["dealt_with", "ask_again", "no_money"]),
    "usertask_not_arrived": cycle(["write_off_goods", "wait_longer"]),
}
"""The next decision in each queue."""
WITHOUT_DECISION = {"usertask_inspect"}
"""Queues whose tasks end when the work is done elsewhere."""

ON_CALL = "ON-CALL-"
"""The warehouse ships orders of these skus only on call, all others by itself."""
SHIPS_ON_CALL = f"""
    CREATE FUNCTION ship_on_call() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.ship_at := NULL; RETURN NEW; END $$;
    CREATE TRIGGER ship_on_call BEFORE INSERT ON warehouse_jobs
    FOR EACH ROW WHEN (NEW.items -> 0 ->> 'sku' LIKE '{ON_CALL}%%') EXECUTE FUNCTION ship_on_call()
"""


def work_queues(shop: Shop) -> None:
    for queue, decisions in DECISIONS.items():
        for task_id in _open_tasks(shop, queue):
            variables = {"decision": {"value": next(decisions)}, "decision_reason": {"value": "Looked at it."}}
            # Canceled or decided by a time limit in the meantime, or the answer was lost.
            with suppress(AssertionError, requests.RequestException):
                shop.engine("POST", f"/task/{task_id}/complete", {"variables": variables})


def ask_providers_again(shop: Shop) -> None:
    """The time has come to ask about refunds that a payment provider had not decided."""
    with suppress(AssertionError, requests.RequestException):
        for job in shop.engine("GET", "/job", activityId="event_ask_again"):
            with suppress(AssertionError, requests.RequestException):
                shop.engine("POST", f"/job/{job['id']}/execute")


def _open_tasks(shop: Shop, queue: str) -> list[str]:
    """None while the engine or its database restarts."""
    with suppress(AssertionError, requests.RequestException):
        return [task["id"] for task in shop.engine("GET", "/task", taskDefinitionKey=queue)]
    return []


def ship_what_waits(shop: Shop) -> None:
    shop.sql(
        "UPDATE warehouse_jobs SET ship_at = now() WHERE ship_at IS NULL AND shipped_at IS NULL AND canceled_at IS NULL"
    )
