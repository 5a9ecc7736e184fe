-- More goes back than was captured: of several tries of one refund on one capture, the last counts.
WITH last_tries AS (
    SELECT DISTINCT ON (p.refund_id, p.parent_id) p.* FROM payment_transactions p
    JOIN orders o ON o.id = p.order_id AND o.updated_at >= %(since)s
    WHERE p.kind IN ('refund', 'transfer_outside') ORDER BY p.refund_id, p.parent_id, p.requested_at DESC, p.id DESC)
SELECT o.number, 'capture ' || c.id FROM payment_transactions c JOIN orders o ON o.id = c.order_id
JOIN last_tries p ON p.parent_id = c.id AND p.status <> 'withdrawn'
GROUP BY o.number, c.id, c.amount, c.kind, c.status
HAVING sum(p.amount) - (SELECT coalesce(sum(b.amount), 0) FROM payment_transactions b
                        JOIN payment_transactions f ON f.id = b.parent_id AND f.parent_id = c.id
                        WHERE b.kind = 'refund_reversed') > c.amount OR c.kind <> 'capture' OR c.status <> 'done'
