-- The record that made a change of the bill does not exist, or is a refund that was not granted.
SELECT o.number, a.kind || ' ' || a.sequence FROM adjustments a JOIN orders o ON o.id = a.order_id
   WHERE o.updated_at >= %(since)s
   AND NOT EXISTS (SELECT FROM cancellations c
                   WHERE a.cause_kind = 'cancellation' AND c.id = a.cause_id AND c.order_id = a.order_id)
   AND NOT EXISTS (SELECT FROM refunds r WHERE a.cause_kind = 'refund' AND r.id = a.cause_id
                   AND r.order_id = a.order_id AND r.state IN ('paying', 'paid'))
