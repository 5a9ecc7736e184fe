-- More goes back than was captured. Of several tries of one refund on one capture one counts, the one that was paid; what was paid
-- twice is outstanding.
WITH parts AS (
    SELECT DISTINCT ON (p.refund_id, p.parent_id) p.parent_id, p.amount
    FROM payment_transactions p JOIN orders o ON o.id = p.order_id AND o.updated_at >= %(since)s
    WHERE p.kind IN ('refund', 'transfer_outside') AND p.status NOT IN ('withdrawn', 'lost')
      AND NOT EXISTS (SELECT FROM payment_transactions b WHERE b.parent_id = p.id AND b.kind = 'refund_reversed')
    ORDER BY p.refund_id, p.parent_id, p.status = 'done' DESC, p.requested_at DESC, p.id DESC)
SELECT o.number, 'capture ' || c.id FROM payment_transactions c JOIN orders o ON o.id = c.order_id
JOIN parts p ON p.parent_id = c.id
GROUP BY o.number, c.id, c.amount, c.kind, c.status
HAVING sum(p.amount) > c.amount OR c.kind <> 'capture' OR c.status <> 'done'
