-- Every request that is closed here: order, key, amount, tender type, whether it counts as done. What a customer sent back was
-- done at the gateway.
SELECT o.number, p.id, p.amount, t.type,
       p.status = 'done' AND NOT EXISTS (SELECT FROM payment_transactions f
                                         WHERE f.parent_id = p.id AND f.kind = 'refund_reversed' AND f.decline_code IS NOT NULL)
FROM payment_transactions p
JOIN tenders t ON t.id = p.tender_id JOIN orders o ON o.id = p.order_id
WHERE o.updated_at >= %(since)s AND p.status IN ('done', 'declined', 'lost') AND p.kind NOT IN ('expired', 'write_off', 'write_off_reversed', 'transfer_outside', 'refund_reversed')
