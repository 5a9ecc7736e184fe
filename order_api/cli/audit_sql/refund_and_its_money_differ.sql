-- The rows of a refund do not sum to what it pays back, or a refund that is over has money under way. Of several tries on one
-- capture one counts, the one that was paid; what was paid twice is outstanding.
WITH parts AS (
    SELECT DISTINCT ON (p.refund_id, p.parent_id) p.refund_id, p.amount, p.status
    FROM payment_transactions p JOIN orders o ON o.id = p.order_id AND o.updated_at >= %(since)s
    WHERE p.kind IN ('refund', 'transfer_outside')
    ORDER BY p.refund_id, p.parent_id, p.status = 'done' DESC, p.requested_at DESC, p.id DESC)
SELECT o.number, r.number FROM refunds r JOIN orders o ON o.id = r.order_id
LEFT JOIN parts p ON p.refund_id = r.id AND p.status <> 'withdrawn'
WHERE o.updated_at >= %(since)s GROUP BY o.number, r.number, r.state, r.paid_back
HAVING coalesce(sum(p.amount), 0) <> CASE WHEN r.state IN ('refused', 'canceled') THEN 0 ELSE r.paid_back END
    OR r.state = 'paid' AND bool_or(p.status <> 'done')
