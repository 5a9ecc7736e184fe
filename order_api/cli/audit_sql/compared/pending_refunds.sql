-- Every refund that a payment provider has not decided: order, key, tender type, since when.
SELECT o.number, p.id, t.type, p.requested_at FROM payment_transactions p
JOIN tenders t ON t.id = p.tender_id JOIN orders o ON o.id = p.order_id
WHERE o.updated_at >= %(since)s AND p.status = 'pending'
