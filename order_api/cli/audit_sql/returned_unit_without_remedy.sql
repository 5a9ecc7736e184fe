-- A unit of a return carries no remedy of the return, so another act could give for it once more.
SELECT o.number, r.number || ' line ' || i.line_id || ' unit ' || unit
FROM return_units u JOIN return_lines l ON l.id = u.line_id JOIN returns r ON r.id = l.return_id
JOIN order_items i ON i.id = l.item_id JOIN orders o ON o.id = r.order_id
CROSS JOIN LATERAL generate_series(u.first_unit, u.first_unit + u.quantity - 1) unit
WHERE o.updated_at >= %(since)s AND u.released_at IS NULL AND NOT EXISTS (
    SELECT FROM remedies m WHERE m.cause_kind = 'return' AND m.cause_id = r.id AND m.item_id = l.item_id
    AND m.released_at IS NULL AND unit BETWEEN m.first_unit AND m.first_unit + m.quantity - 1)
