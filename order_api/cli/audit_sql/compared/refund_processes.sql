-- Every process of a refund: refund, instance, whether it was over a while ago, whether it is not over.
SELECT r.number, s.process_instance_id, coalesce(r.ended_at < now() - interval '1 minute', false), r.ended_at IS NULL
FROM subject_processes s JOIN refunds r ON r.id = s.subject_id JOIN orders o ON o.id = r.order_id
WHERE o.updated_at >= %(since)s AND s.process_key = 'order-refund' AND s.process_instance_id IS NOT NULL
