-- A parcel left more than an hour ago and is not settled: a person must have a task about it.
SELECT o.number, 'parcel ' || s.id FROM shipments s JOIN orders o ON o.id = s.order_id
WHERE o.updated_at >= %(since)s AND s.settled_at IS NULL AND s.shipped_at < now() - interval '1 hour'
