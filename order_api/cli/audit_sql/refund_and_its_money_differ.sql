-- The rows of a refund do not sum to what it pays back, or a refund that is over has money under way. What went twice
-- counts until it came back or is written off.
WITH tries AS (
    SELECT p.*, row_number() OVER (PARTITION BY p.refund_id, p.parent_id
                                   ORDER BY p.requested_at DESC, p.id DESC) AS from_last,
           bool_or(p.status = 'done' AND e.id IS NULL) OVER (PARTITION BY p.refund_id, p.parent_id) AS is_paid,
           e.id AS explained
    FROM payment_transactions p JOIN orders o ON o.id = p.order_id AND o.updated_at >= %(since)s
    LEFT JOIN payment_transactions e ON e.parent_id = p.id AND e.kind IN ('refund_reversed', 'write_off')
    WHERE p.kind IN ('refund', 'transfer_outside')),
counted AS (SELECT * FROM tries WHERE status = 'done' AND explained IS NULL OR from_last = 1 AND status <> 'withdrawn' AND NOT is_paid)
SELECT o.number, r.number FROM refunds r JOIN orders o ON o.id = r.order_id
LEFT JOIN counted p ON p.refund_id = r.id
WHERE o.updated_at >= %(since)s GROUP BY o.number, r.number, r.state, r.paid_back
HAVING coalesce(sum(p.amount), 0) <> CASE WHEN r.state IN ('refused', 'canceled') THEN 0 ELSE r.paid_back END
    OR r.state = 'paid' AND bool_or(p.status <> 'done')
