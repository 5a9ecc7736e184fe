-- A payment gateway reported something about no request of ours, or its message was not carried out for an hour.
SELECT coalesce(o.number, e.adapter), 'message ' || e.event_id FROM payment_events e LEFT JOIN orders o ON o.id = e.order_id
WHERE e.received_at >= %(since)s
AND (e.outcome = 'unattributed' OR e.handled_at IS NULL AND e.received_at < now() - interval '1 hour')
