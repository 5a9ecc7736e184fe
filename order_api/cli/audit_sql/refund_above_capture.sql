-- More goes back than was captured: of several tries of one refund on one capture, the last and all that were done,
-- unless they came back or are written off.
WITH tries AS (
    SELECT p.*, row_number() OVER (PARTITION BY p.refund_id, p.parent_id
                                   ORDER BY p.requested_at DESC, p.id DESC) AS from_last,
           bool_or(p.status = 'done') OVER (PARTITION BY p.refund_id, p.parent_id) AS is_paid
    FROM payment_transactions p JOIN orders o ON o.id = p.order_id AND o.updated_at >= %(since)s
    WHERE p.kind IN ('refund', 'transfer_outside'))
SELECT o.number, 'capture ' || c.id FROM payment_transactions c JOIN orders o ON o.id = c.order_id
JOIN tries p ON p.parent_id = c.id AND p.status NOT IN ('withdrawn', 'lost')
   AND (p.status = 'done' OR p.from_last = 1 AND NOT p.is_paid)
GROUP BY o.number, c.id, c.amount, c.kind, c.status
HAVING sum(p.amount) - (SELECT coalesce(sum(b.amount), 0) FROM payment_transactions b
                        JOIN payment_transactions f ON f.id = b.parent_id AND f.parent_id = c.id
                        WHERE b.kind IN ('refund_reversed', 'write_off')) > c.amount OR c.kind <> 'capture' OR c.status <> 'done'
