-- The counts of a line are not the sums of what became of its units.
WITH present AS (
    SELECT DISTINCT ON (r.item_id, unit) r.item_id, unit, r.fate FROM unit_ranges r JOIN orders o ON o.id = r.order_id AND o.updated_at >= %(since)s
    CROSS JOIN LATERAL generate_series(r.first_unit, r.first_unit + r.quantity - 1) unit
    ORDER BY r.item_id, unit, r.sequence DESC),
summed AS (
    SELECT i.order_id, i.line_id, i.quantity, max(p.unit) AS highest,
           ARRAY[i.shipped_quantity, i.on_their_way_quantity, i.delivered_quantity, i.canceled_quantity] AS counted,
           ARRAY[count(*) FILTER (WHERE p.fate IN ('shipped', 'delivered', 'lost', 'returned')),
                 count(*) FILTER (WHERE p.fate = 'shipped'),
                 count(*) FILTER (WHERE p.fate = 'delivered'),
                 count(*) FILTER (WHERE p.fate = 'canceled')] AS listed
    FROM order_items i JOIN orders o ON o.id = i.order_id AND o.updated_at >= %(since)s
    LEFT JOIN present p ON p.item_id = i.id GROUP BY i.id)
SELECT o.number, 'line ' || s.line_id || ': ' || s.counted::text || ' counted, ' || s.listed::text || ' in the ledger'
FROM summed s JOIN orders o ON o.id = s.order_id
WHERE o.updated_at >= %(since)s AND (s.counted <> s.listed OR s.highest > s.quantity)
