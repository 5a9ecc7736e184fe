-- A return has ended, and units of it that came back and were allowed were neither paid for nor sent back.
SELECT o.number, r.number || ' line ' || i.line_id || ' unit ' || u.first_unit
FROM return_units u JOIN return_lines l ON l.id = u.line_id JOIN returns r ON r.id = l.return_id
JOIN order_items i ON i.id = l.item_id JOIN orders o ON o.id = r.order_id
WHERE o.updated_at >= %(since)s AND r.ended_at IS NOT NULL
AND l.is_allowed AND u.receipt_id IS NOT NULL AND u.verdict <> 'sent_back'
AND NOT EXISTS (SELECT FROM refunds f WHERE f.id = u.refund_id AND f.state NOT IN ('refused', 'canceled'))
