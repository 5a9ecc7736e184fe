"""Rules for all orders after the chaos. Each check names the orders that break it."""

from collections import Counter
from typing import Any

from tests.chaos.colleagues import ship_what_waits, work_queues
from tests.chaos.conftest import Storm
from tests.chaos.mails import every_mail_arrived
from tests.chaos.units import captures_are_what_was_kept, units_add_up
from tests.fixtures.shop import Shop
from tests.fixtures.system import wait_until

FINAL = ("done", "canceled")


def wait_until_settled(shop: Shop, order_ids: list[str], seconds: float) -> None:
    def look() -> bool:
        work_queues(shop)
        ship_what_waits(shop)
        return not unsettled(shop, order_ids)

    try:
        wait_until(look, seconds=seconds, pause=0.2)
    except AssertionError:
        raise AssertionError(f"not settled after {seconds} s: {unsettled(shop, order_ids)[:5]}") from None


def unsettled(shop: Shop, order_ids: list[str]) -> list[tuple[Any, ...]]:
    return shop.sql(
        """SELECT o.id, o.status, array_agg(b.name || ' ' || b.attempts || ': ' || coalesce(b.last_error, ''))
           FROM orders o LEFT JOIN outbox b ON b.business_key = o.number AND b.state = 'pending'
           WHERE o.id = ANY(%s::uuid[]) AND (NOT o.status_category = ANY(%s) OR b.id IS NOT NULL)
           GROUP BY o.id, o.status""",
        order_ids,
        list(FINAL),
    )


def audit(storm: Storm, order_ids: list[str], mail_may_repeat: bool = False) -> None:
    shop = storm.shop
    money_adds_up(shop, order_ids)
    units_add_up(shop.sql, order_ids)
    captures_are_what_was_kept(shop.sql, order_ids)
    gateway_agrees(shop)
    nothing_is_left_requested(shop)
    stock_adds_up(storm)
    one_process_per_order(shop, order_ids)
    every_mail_arrived(shop, order_ids, mail_may_repeat)


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
    """The gateway's books match ours exactly."""
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
    for table in ("payment_transactions", "fulfillment_requests", "fraud_screenings"):
        left = shop.sql(f"SELECT * FROM {table} WHERE status = 'requested'")
        assert not left, f"{table}: {left[:3]}"


def stock_adds_up(storm: Storm) -> None:
    """Since the test began, every shelf has gained the received units and lost the shipped ones."""
    reserved = storm.shop.sql("SELECT sku, reserved FROM stock_bins WHERE reserved <> 0")
    assert not reserved, f"still reserved: {reserved}"
    open_ = storm.shop.sql("SELECT order_id, sku, status FROM reservations WHERE status IN ('reserved', 'backordered')")
    assert not open_, f"still reserved or backordered: {open_[:5]}"
    received: Counter[str] = Counter()
    for sku, quantity in storm.received:
        received[sku] += quantity
    now, before = storm.stock_and_shipped(), storm.before
    gained = {sku: number - before.get(sku, 0) for sku, number in now.items() if number != before.get(sku, 0)}
    assert gained == dict(received), f"on hand and shipped grew by {gained}, received were {received}"


def one_process_per_order(shop: Shop, order_ids: list[str]) -> None:
    wait_until(lambda: not shop.engine("GET", "/process-instance/count")["count"], what="the end of every process")
    history = shop.engine("GET", "/history/process-instance", processDefinitionKey="order-submit")
    ended_well = Counter(row["businessKey"] for row in history if row["state"] == "COMPLETED")
    wanted = {number: 1 for (number,) in shop.sql("SELECT number FROM orders WHERE id = ANY(%s::uuid[])", order_ids)}
    assert {key: ended_well[key] for key in wanted} == wanted
    assert not shop.engine("GET", "/incident"), "an incident is left"
