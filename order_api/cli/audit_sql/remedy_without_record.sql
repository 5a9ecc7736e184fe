-- Units carry a remedy whose record does not exist, or is over without having given one.
SELECT o.number, 'line ' || i.line_id || ' unit ' || m.first_unit || ' ' || m.cause_kind
FROM remedies m JOIN orders o ON o.id = m.order_id JOIN order_items i ON i.id = m.item_id
LEFT JOIN refunds f ON m.cause_kind = 'refund' AND f.id = m.cause_id
LEFT JOIN returns r ON m.cause_kind = 'return' AND r.id = m.cause_id
WHERE o.updated_at >= %(since)s AND m.released_at IS NULL
AND coalesce(f.state, r.state, 'none') IN ('none', 'refused', 'canceled', 'expired')
