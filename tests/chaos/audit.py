"""Rules for all orders after the chaos. Each check names the orders that break it."""

from collections import Counter
from typing import Any

from tests.chaos.colleagues import ask_providers_again, ship_what_waits, work_queues
from tests.chaos.conftest import Storm
from tests.chaos.mails import every_mail_arrived
from tests.fixtures.shop import Shop
from tests.fixtures.system import wait_until

FINAL = ("done", "canceled")


def wait_until_settled(shop: Shop, order_ids: list[str], seconds: float) -> None:
    def look() -> bool:
        work_queues(shop)
        ship_what_waits(shop)
        ask_providers_again(shop)
        return not unsettled(shop, order_ids)

    try:
        wait_until(look, seconds=seconds, pause=0.2)
    except AssertionError:
        raise AssertionError(f"not settled after {seconds} s: {unsettled(shop, order_ids)[:5]}") from None


def unsettled(shop: Shop, order_ids: list[str]) -> list[tuple[Any, ...]]:
    return shop.sql(
        """SELECT o.id, o.status, array_agg(b.name || ' ' || b.attempts || ': ' || coalesce(b.last_error, ''))
           FROM orders o LEFT JOIN refunds r ON r.order_id = o.id LEFT JOIN returns t ON t.order_id = o.id
           LEFT JOIN outbox b ON b.business_key IN (o.number, r.number, t.number) AND b.state = 'pending'
           WHERE o.id = ANY(%s::uuid[]) AND (NOT o.status_category = ANY(%s) OR b.id IS NOT NULL
                                             OR r.id IS NOT NULL AND r.ended_at IS NULL
                                             OR t.id IS NOT NULL AND t.ended_at IS NULL)
           GROUP BY o.id, o.status""",
        order_ids,
        list(FINAL),
    )


def audit(storm: Storm, order_ids: list[str], kills: int = 0) -> None:
    """`kills` are those that can have hit between sending a mail and recording it."""
    shop = storm.shop
    nothing_is_left_requested(shop)
    stock_adds_up(storm, order_ids)
    one_process_per_order(shop, order_ids)
    bill_and_money_add_up(shop, order_ids)
    every_mail_arrived(shop, order_ids, kills)


def bill_and_money_add_up(shop: Shop, order_ids: list[str]) -> None:
    """The operator's own audit finds nothing, and every completed order of goods was paid."""
    shop.system.command("audit")
    unpaid = shop.sql(
        """SELECT number FROM orders o WHERE id = ANY(%s::uuid[]) AND status = 'completed' AND grand_total > 0
           AND NOT EXISTS (SELECT FROM payment_transactions p
                           WHERE p.order_id = o.id AND p.kind = 'capture' AND p.status = 'done')""",
        order_ids,
    )
    assert not unpaid, f"completed but never captured: {unpaid}"


def nothing_is_left_requested(shop: Shop) -> None:
    for table in ("payment_transactions", "fulfillment_requests", "fraud_screenings"):
        left = shop.sql(f"SELECT * FROM {table} WHERE status = 'requested'")
        assert not left, f"{table}: {left[:3]}"


def stock_adds_up(storm: Storm, order_ids: list[str]) -> None:
    """Since the test began, every shelf has gained the received units and those that came back, and lost the shipped
    ones."""
    reserved = storm.shop.sql("SELECT sku, reserved FROM stock_bins WHERE reserved <> 0")
    assert not reserved, f"still reserved: {reserved}"
    open_ = storm.shop.sql("SELECT order_id, sku, status FROM reservations WHERE status IN ('reserved', 'backordered')")
    assert not open_, f"still reserved or backordered: {open_[:5]}"
    received: Counter[str] = Counter()
    for sku, quantity in storm.received:
        received[sku] += quantity
    came_back = """SELECT b.sku, sum(s.quantity) FROM stock_restocked s JOIN stock_bins b ON b.id = s.bin_id
        WHERE split_part(s.key, ' ', 2) IN (SELECT id::text FROM order_items WHERE order_id = ANY(%s::uuid[]))
        GROUP BY b.sku"""
    for sku, quantity in storm.shop.sql(came_back, order_ids):
        received[sku] += int(quantity)
    now, before = storm.stock_and_shipped(), storm.before
    gained = {sku: number - before.get(sku, 0) for sku, number in now.items() if number != before.get(sku, 0)}
    assert gained == dict(received), f"on hand and shipped grew by {gained}, received were {received}"


def one_process_per_order(shop: Shop, order_ids: list[str]) -> None:
    wait_until(lambda: not shop.engine("GET", "/process-instance/count")["count"], what="the end of every process")
    history = shop.engine("GET", "/history/process-instance", processDefinitionKey="order-submit")
    ended_well = Counter(row["businessKey"] for row in history if row["state"] == "COMPLETED")
    wanted = {number: 1 for (number,) in shop.sql("SELECT number FROM orders WHERE id = ANY(%s::uuid[])", order_ids)}
    assert {key: ended_well[key] for key in wanted} == wanted
    for process, table in (("order-refund", "refunds"), ("order-return", "returns")):
        history = shop.engine("GET", "/history/process-instance", processDefinitionKey=process)
        ended_well = Counter(row["businessKey"] for row in history if row["state"] == "COMPLETED")
        subjects = shop.sql(f"SELECT number FROM {table} WHERE order_id = ANY(%s::uuid[])", order_ids)
        assert {number: ended_well[number] for (number,) in subjects} == {number: 1 for (number,) in subjects}
    assert not shop.engine("GET", "/incident"), "an incident is left"
