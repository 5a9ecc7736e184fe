-- A closed order still holds money, or released more than it held.
SELECT o.number, 'of a closed order' FROM orders o JOIN payment_transactions p ON p.order_id = o.id
   WHERE o.updated_at >= %(since)s AND o.closed_at IS NOT NULL AND p.status = 'done' GROUP BY o.number
   HAVING sum(p.amount) FILTER (WHERE p.kind = 'authorize')
          <> coalesce(sum(p.amount) FILTER (WHERE p.kind IN ('capture', 'void', 'expired')), 0)
