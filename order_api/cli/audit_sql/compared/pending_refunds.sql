-- Every refund that a payment provider has not decided, however long nothing else has happened to its order: order, key, tender
-- type, since when.
SELECT o.number, p.id, t.type, p.requested_at FROM payment_transactions p
JOIN tenders t ON t.id = p.tender_id JOIN orders o ON o.id = p.order_id
WHERE p.status = 'pending'
