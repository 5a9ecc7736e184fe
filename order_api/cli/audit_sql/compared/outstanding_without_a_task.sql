-- Nothing is left to ship or to settle, but money is outstanding: a person must have a task about it.
SELECT number, outstanding || ' outstanding'
FROM (SELECT o.number, o.closed_at, o.grand_total
               + (SELECT coalesce(sum(amount), 0) FROM adjustments WHERE order_id = o.id AND tax_id IS NULL)
               - (SELECT coalesce(sum(CASE WHEN kind IN ('capture', 'write_off', 'refund_reversed') THEN amount ELSE -amount END), 0)
                  FROM payment_transactions WHERE order_id = o.id AND status = 'done'
                  AND kind IN ('capture', 'write_off', 'write_off_reversed', 'refund', 'refund_reversed', 'transfer_outside'))
               + (SELECT coalesce(sum(r.paid_back), 0) FROM refunds r WHERE r.order_id = o.id AND r.state = 'paying')
               - (SELECT coalesce(sum(paid.amount), 0)
                  FROM (SELECT DISTINCT ON (p.refund_id, p.parent_id) p.amount
                        FROM payment_transactions p JOIN refunds r ON r.id = p.refund_id
                        WHERE p.order_id = o.id AND p.status = 'done' AND r.state = 'paying'
                          AND p.kind IN ('refund', 'transfer_outside')) paid) AS outstanding
      FROM orders o WHERE o.updated_at >= %(since)s
      AND NOT EXISTS (SELECT FROM shipments s WHERE s.order_id = o.id AND s.settled_at IS NULL)
      AND NOT EXISTS (SELECT FROM order_items i
                      WHERE i.order_id = o.id AND i.quantity > i.shipped_quantity + i.canceled_quantity)) balance
WHERE closed_at IS NULL AND outstanding <> 0
