-- Every process: order, instance, whether the order was closed a while ago, whether units are open.
SELECT o.number, s.process_instance_id, coalesce(o.closed_at < now() - interval '1 minute', false),
       EXISTS (SELECT FROM order_items i
               WHERE i.order_id = o.id AND i.quantity > i.shipped_quantity + i.canceled_quantity)
FROM subject_processes s JOIN orders o ON o.id = s.order_id
WHERE o.updated_at >= %(since)s AND s.process_instance_id IS NOT NULL AND s.subject_kind = 'order'
