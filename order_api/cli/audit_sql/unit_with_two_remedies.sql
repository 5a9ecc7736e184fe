-- Two records give the customer something for one unit.
SELECT o.number, 'line ' || i.line_id || ' unit ' || unit FROM remedies r
JOIN orders o ON o.id = r.order_id JOIN order_items i ON i.id = r.item_id
CROSS JOIN LATERAL generate_series(r.first_unit, r.first_unit + r.quantity - 1) unit
WHERE o.updated_at >= %(since)s AND r.released_at IS NULL
GROUP BY o.number, i.line_id, i.quantity, unit HAVING count(*) > 1 OR unit > i.quantity
