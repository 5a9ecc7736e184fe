-- More was captured or written off on a tender than its amount, and the excess was not given back.
SELECT o.number, 'tender ' || t.id FROM tenders t JOIN orders o ON o.id = t.order_id
JOIN payment_transactions p ON p.tender_id = t.id AND p.status = 'done'
   AND p.kind IN ('capture', 'write_off', 'write_off_reversed', 'refund', 'transfer_outside')
WHERE o.updated_at >= %(since)s GROUP BY o.number, t.id, t.amount
HAVING sum(p.amount) FILTER (WHERE p.kind IN ('capture', 'write_off'))
       - coalesce(sum(p.amount) FILTER (WHERE p.kind NOT IN ('capture', 'write_off')), 0) > t.amount
