-- A return has ended, and units of it that came back were neither paid for nor sent back.
SELECT o.number, r.number || ' line ' || i.line_id || ' unit ' || u.first_unit
FROM return_units u JOIN return_lines l ON l.id = u.line_id JOIN returns r ON r.id = l.return_id
JOIN order_items i ON i.id = l.item_id JOIN orders o ON o.id = r.order_id
WHERE o.updated_at >= %(since)s AND r.ended_at IS NOT NULL
AND u.receipt_id IS NOT NULL AND u.refund_id IS NULL AND u.verdict <> 'sent_back'
