-- A unit gave back all that it had left in two acts.
SELECT o.number, 'line ' || i.line_id || ' unit ' || unit
FROM adjustments a JOIN orders o ON o.id = a.order_id JOIN order_items i ON i.id = a.item_id
CROSS JOIN LATERAL generate_series(a.first_unit, a.first_unit + a.quantity - 1) unit
WHERE o.updated_at >= %(since)s AND a.kind IN ('units_returned', 'units_lost') AND a.tax_id IS NULL
GROUP BY o.number, i.line_id, unit HAVING count(*) > 1
