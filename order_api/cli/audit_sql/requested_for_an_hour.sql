-- A request to an outside system has no answer.
SELECT o.number, 'payment ' || r.id FROM payment_transactions r JOIN orders o ON o.id = r.order_id
WHERE r.status = 'requested' AND r.requested_at < now() - interval '1 hour' AND o.updated_at >= %(since)s
  AND r.kind <> 'transfer_outside'
UNION ALL
SELECT o.number, 'fulfillment request ' || r.id FROM fulfillment_requests r JOIN orders o ON o.id = r.order_id
WHERE r.status = 'requested' AND r.requested_at < now() - interval '1 hour' AND o.updated_at >= %(since)s
UNION ALL
SELECT o.number, 'fraud screening ' || r.id FROM fraud_screenings r JOIN orders o ON o.id = r.order_id
WHERE r.status = 'requested' AND r.requested_at < now() - interval '1 hour' AND o.updated_at >= %(since)s
UNION ALL
SELECT o.number, 'recall ' || r.id FROM recalled_units r
JOIN cancellations c ON c.id = r.cancellation_id JOIN orders o ON o.id = r.order_id
WHERE r.status = 'asked' AND c.requested_at < now() - interval '1 hour' AND o.updated_at >= %(since)s
