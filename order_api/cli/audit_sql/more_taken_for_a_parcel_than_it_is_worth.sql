-- More was captured or written off for a parcel than it was worth when it left, and the excess was not given back.
SELECT o.number, 'parcel ' || p.shipment_id FROM payment_transactions p JOIN orders o ON o.id = p.order_id
   WHERE o.updated_at >= %(since)s AND p.status = 'done'
     AND p.kind IN ('capture', 'write_off', 'write_off_reversed', 'refund', 'transfer_outside')
   GROUP BY o.number, p.shipment_id
   HAVING sum(p.amount) FILTER (WHERE p.kind IN ('capture', 'write_off'))
          - coalesce(sum(p.amount) FILTER (WHERE p.kind NOT IN ('capture', 'write_off')), 0)
          > (SELECT sum(amount) FROM kept_worth k WHERE k.shipment_id = p.shipment_id AND k.tax_id IS NULL)
