-- Money was taken for no parcel of its order.
SELECT o.number, 'capture ' || p.id FROM payment_transactions p JOIN orders o ON o.id = p.order_id
   WHERE o.updated_at >= %(since)s AND p.kind = 'capture' AND p.status = 'done'
   AND NOT EXISTS (SELECT FROM shipments s WHERE s.id = p.shipment_id AND s.order_id = p.order_id)
