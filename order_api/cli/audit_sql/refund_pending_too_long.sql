-- A payment provider has not decided about a refund for two weeks.
SELECT o.number, 'refund ' || p.id FROM payment_transactions p JOIN orders o ON o.id = p.order_id
WHERE o.updated_at >= %(since)s AND p.status = 'pending' AND p.requested_at < now() - interval '14 days'
