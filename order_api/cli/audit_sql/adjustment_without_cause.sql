-- The record that made a change of the bill does not exist.
SELECT o.number, a.kind || ' ' || a.sequence FROM adjustments a JOIN orders o ON o.id = a.order_id
   WHERE o.updated_at >= %(since)s
   AND NOT EXISTS (SELECT FROM cancellations c WHERE c.id = a.cause_id AND c.order_id = a.order_id)
