-- More was captured or written off for a parcel than it was worth when it left.
SELECT o.number, 'parcel ' || p.shipment_id FROM payment_transactions p JOIN orders o ON o.id = p.order_id
   WHERE o.updated_at >= %(since)s AND p.kind IN ('capture', 'write_off') AND p.status = 'done'
   GROUP BY o.number, p.shipment_id
   HAVING sum(p.amount) > (SELECT sum(amount) FROM kept_worth k
                           WHERE k.shipment_id = p.shipment_id AND k.tax_id IS NULL)
