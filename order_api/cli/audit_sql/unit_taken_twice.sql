-- A unit was canceled twice, or left twice, or both.
WITH taken AS (
    SELECT r.order_id, r.item_id, unit FROM adjustments r JOIN orders o ON o.id = r.order_id AND o.updated_at >= %(since)s
    CROSS JOIN LATERAL generate_series(r.first_unit, r.first_unit + r.quantity - 1) unit
    WHERE r.kind = 'units_canceled' AND r.charge_id IS NULL AND r.tax_id IS NULL
    UNION ALL
    SELECT r.order_id, r.item_id, unit FROM kept_worth r JOIN orders o ON o.id = r.order_id AND o.updated_at >= %(since)s
    CROSS JOIN LATERAL generate_series(r.first_unit, r.first_unit + r.quantity - 1) unit
    WHERE r.item_id IS NOT NULL AND r.charge_id IS NULL AND r.tax_id IS NULL)
SELECT o.number, 'line ' || i.line_id || ' unit ' || t.unit
FROM taken t JOIN order_items i ON i.id = t.item_id JOIN orders o ON o.id = t.order_id
WHERE o.updated_at >= %(since)s GROUP BY o.number, i.line_id, t.unit HAVING count(*) > 1
