"""What must be true of all orders when the dust has settled. Each check names the orders that break it."""

from collections import Counter
from contextlib import suppress
from typing import Any

from tests.fixtures.shop import Shop
from tests.fixtures.system import wait_until

FINAL = ("done", "canceled")
DECISIONS = {
    "usertask_review_fraud": "accept",
    "usertask_payment_declined": "retry",
    "usertask_capture_declined": "retry",
    "usertask_shipped_after_cancel": "customer_keeps",
}
"""What the colleagues in the queues decide. Goods that left while their order was being canceled are kept."""
SENDERS = 8
"""Threads of the relay: so many mails can be between sending and writing it down when it is killed."""


def wait_until_settled(shop: Shop, order_ids: list[str], seconds: float) -> None:
    def look() -> bool:
        work_queues(shop)
        return not unsettled(shop, order_ids)

    try:
        wait_until(look, seconds)
    except AssertionError:
        raise AssertionError(f"not settled after {seconds} s: {unsettled(shop, order_ids)[:5]}") from None


def work_queues(shop: Shop) -> None:
    for queue, decision in DECISIONS.items():
        for task in shop.engine("GET", "/task", taskDefinitionKey=queue):
            variables = {"decision": {"value": decision}, "decision_reason": {"value": "Looked at it."}}
            with suppress(AssertionError):  # Canceled, or decided by a time limit, since we looked.
                shop.engine("POST", f"/task/{task['id']}/complete", {"variables": variables})


def unsettled(shop: Shop, order_ids: list[str]) -> list[tuple[Any, ...]]:
    return shop.sql(
        """SELECT o.id, o.status, array_agg(b.name || ' ' || b.attempts || ': ' || coalesce(b.last_error, ''))
           FROM orders o LEFT JOIN outbox b ON b.order_id = o.id AND b.state = 'pending'
           WHERE o.id = ANY(%s::uuid[]) AND (NOT o.status_category = ANY(%s) OR b.id IS NOT NULL)
           GROUP BY o.id, o.status""",
        order_ids,
        list(FINAL),
    )


def audit(shop: Shop, order_ids: list[str], received: dict[str, int], mail_may_repeat: bool) -> None:
    money_adds_up(shop, order_ids)
    gateway_agrees(shop)
    nothing_is_left_requested(shop)
    stock_adds_up(shop, received)
    one_process_per_order(shop, order_ids)
    every_mail_arrived(shop, mail_may_repeat)


def money_adds_up(shop: Shop, order_ids: list[str]) -> None:
    """A shipping charge is paid with the first parcel."""
    wrong = shop.sql(
        """WITH shipped AS (
             SELECT i.order_id, sum(i.shipped_quantity) AS units, sum(round(
                      (i.amount_after_discounts + t.taxes)::numeric * i.shipped_quantity / i.quantity)) AS value
             FROM order_items i
             CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS taxes FROM order_taxes WHERE item_id = i.id) t
             GROUP BY i.order_id)
           SELECT o.number, o.status, o.grand_total, t.authorized, t.captured, t.voided,
                  s.value + CASE WHEN s.units > 0 THEN o.charges_total ELSE 0 END AS value_shipped
           FROM orders o JOIN shipped s ON s.order_id = o.id CROSS JOIN LATERAL (
             SELECT coalesce(sum(amount) FILTER (WHERE kind = 'authorize'), 0) AS authorized,
                    coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0) AS captured,
                    coalesce(sum(amount) FILTER (WHERE kind = 'void'), 0) AS voided
             FROM payment_transactions p WHERE p.order_id = o.id AND p.status = 'done') t
           WHERE o.id = ANY(%s::uuid[])""",
        order_ids,
    )
    assert len(wrong) == len(order_ids)
    broken = [row for row in wrong if row[3] != row[4] + row[5] or row[4] != row[6]]
    assert not broken, f"(number, status, total, authorized, captured, voided, value shipped): {broken[:5]}"
    unpaid = [row for row in wrong if row[1] == "completed" and row[4] == 0 and row[2] > 0]
    assert not unpaid, f"completed but never captured: {unpaid[:5]}"


def gateway_agrees(shop: Shop) -> None:
    """The gateway's own books hold exactly what ours say was done."""
    differences = shop.sql(
        """SELECT s.key, s.kind, s.amount, p.status, p.amount FROM simulator_payments s
           FULL JOIN payment_transactions p ON p.id = s.key
           LEFT JOIN tenders t ON t.id = p.tender_id
           WHERE t.type IS DISTINCT FROM 'invoice' AND (
                 (s.approved AND p.status IS DISTINCT FROM 'done')
              OR (p.status = 'done' AND s.approved IS NOT TRUE) OR s.amount <> p.amount)"""
    )
    assert not differences, differences[:5]


def nothing_is_left_requested(shop: Shop) -> None:
    for table in ("payment_transactions", "reservations", "fulfillment_orders", "fraud_screenings"):
        left = shop.sql(f"SELECT * FROM {table} WHERE status = 'requested'")
        assert not left, f"{table}: {left[:3]}"


def stock_adds_up(shop: Shop, received: dict[str, int]) -> None:
    held = shop.sql("SELECT sku, held FROM stock_bins WHERE held <> 0")
    assert not held, f"still held: {held}"
    for sku, quantity in received.items():
        on_hand = int(shop.sql("SELECT sum(on_hand) FROM stock_bins WHERE sku = %s", sku)[0][0])
        query = "SELECT coalesce(sum(shipped_quantity), 0) FROM order_items WHERE sku = %s"
        shipped = int(shop.sql(query, sku)[0][0])
        assert on_hand == quantity - shipped, f"{sku}: {on_hand} on hand of {quantity}, {shipped} shipped"


def one_process_per_order(shop: Shop, order_ids: list[str]) -> None:
    wait_until(lambda: not shop.engine("GET", "/process-instance/count")["count"], 30, "the end of every process")
    history = shop.engine("GET", "/history/process-instance", processDefinitionKey="order-submit")
    ended_well = Counter(row["businessKey"] for row in history if row["state"] == "COMPLETED")
    wanted = dict.fromkeys(order_ids, 1)
    assert {key: ended_well[key] for key in wanted} == wanted
    assert not shop.engine("GET", "/incident"), "an incident is left"


def every_mail_arrived(shop: Shop, mail_may_repeat: bool) -> None:
    """Each Message-ID at least once, twice only where a kill can have fallen between sending and writing it down."""
    wanted = [f"<{row[0]}@order-service>" for row in shop.sql("SELECT id FROM notifications WHERE recipient <> ''")]
    arrived = Counter(message_id for message_id, _, _ in shop.mailbox.mails)
    missing = [message_id for message_id in wanted if not arrived[message_id]]
    assert not missing, f"{len(missing)} mails never arrived"
    repeated = {message_id: times for message_id, times in arrived.items() if times > 1}
    most = SENDERS if mail_may_repeat else 0
    assert len(repeated) <= most, f"sent again without need: {repeated}"
    assert set(repeated.values()) <= {2}, f"sent more than twice: {repeated}"
