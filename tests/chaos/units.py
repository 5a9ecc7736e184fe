"""Checks with separate SQL, unit by unit, that counts, ledger and stored worth of units agree."""

from collections.abc import Callable
from typing import Any

Sql = Callable[..., list[tuple[Any, ...]]]

WRONG_COUNTS = """
    WITH present AS (
        SELECT DISTINCT ON (r.item_id, unit) r.item_id, unit, r.fate FROM unit_ranges r
        CROSS JOIN LATERAL generate_series(r.first_unit, r.first_unit + r.quantity - 1) unit
        WHERE r.order_id = ANY(%s::uuid[]) ORDER BY r.item_id, unit, r.sequence DESC),
    summed AS (
        SELECT i.id, i.quantity, max(p.unit) AS highest,
               ARRAY[i.shipped_quantity, i.on_their_way_quantity, i.delivered_quantity,
                     i.canceled_quantity] AS counted,
               ARRAY[count(*) FILTER (WHERE p.fate IN ('shipped', 'delivered', 'lost', 'returned')),
                     count(*) FILTER (WHERE p.fate = 'shipped'),
                     count(*) FILTER (WHERE p.fate = 'delivered'),
                     count(*) FILTER (WHERE p.fate = 'canceled')] AS listed
        FROM order_items i LEFT JOIN present p ON p.item_id = i.id WHERE i.order_id = ANY(%s::uuid[]) GROUP BY i.id)
    SELECT id, quantity, highest, counted, listed FROM summed WHERE counted <> listed OR highest > quantity"""

WRONG_RANGES = """
    WITH departed AS (
        SELECT item_id, unit, (array_agg(cause_id ORDER BY sequence))[1] AS shipment_id FROM unit_ranges
        CROSS JOIN LATERAL generate_series(first_unit, first_unit + quantity - 1) unit
        WHERE order_id = ANY(%s::uuid[]) AND fate = 'shipped' GROUP BY item_id, unit),
    kept AS (
        SELECT item_id, unit, shipment_id FROM kept_worth
        CROSS JOIN LATERAL generate_series(first_unit, first_unit + quantity - 1) unit
        WHERE order_id = ANY(%s::uuid[]) AND charge_id IS NULL AND tax_id IS NULL)
    (TABLE departed EXCEPT ALL TABLE kept) UNION ALL (TABLE kept EXCEPT ALL TABLE departed)"""

WRONG_CAPTURES = """
    SELECT o.number, kept.amount, captured.amount FROM orders o
    CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS amount FROM kept_worth k WHERE k.order_id = o.id) kept
    CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS amount FROM payment_transactions p
                        WHERE p.order_id = o.id AND p.kind = 'capture' AND p.status = 'done') captured
    WHERE o.id = ANY(%s::uuid[]) AND kept.amount <> captured.amount"""


def units_add_up(sql: Sql, order_ids: list[str]) -> None:
    """The counts of every item are the sums of its ledger, and each shipped unit has its worth exactly once."""
    counts = sql(WRONG_COUNTS, order_ids, order_ids)
    assert not counts, f"(item, quantity, highest unit, counted, in the ledger): {counts[:5]}"
    ranges = sql(WRONG_RANGES, order_ids, order_ids)
    assert not ranges, f"(item, unit, shipment) shipped without worth, or the other way round: {ranges[:5]}"


def captures_are_what_was_kept(sql: Sql, order_ids: list[str]) -> None:
    captures = sql(WRONG_CAPTURES, order_ids)
    assert not captures, f"(number, kept, captured): {captures[:5]}"
