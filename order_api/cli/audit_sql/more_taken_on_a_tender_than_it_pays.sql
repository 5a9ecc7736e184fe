-- More was captured or written off on a tender than its amount.
SELECT o.number, 'tender ' || t.id FROM tenders t JOIN orders o ON o.id = t.order_id
JOIN payment_transactions p ON p.tender_id = t.id AND p.kind IN ('capture', 'write_off') AND p.status = 'done'
WHERE o.updated_at >= %(since)s GROUP BY o.number, t.id, t.amount HAVING sum(p.amount) > t.amount
