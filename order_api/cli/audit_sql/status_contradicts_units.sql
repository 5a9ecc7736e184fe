-- A closed order has open units, a canceled one shipped some, or a line is not what its units are.
SELECT o.number, 'order is ' || o.status FROM orders o JOIN order_items i ON i.order_id = o.id
WHERE o.updated_at >= %(since)s AND o.status IN ('completed', 'canceled') GROUP BY o.id
HAVING sum(i.quantity - i.shipped_quantity - i.canceled_quantity) > 0
    OR (o.status = 'canceled') <> (sum(i.shipped_quantity) = 0)
UNION ALL
SELECT o.number, 'line ' || i.line_id || ' is ' || i.status
FROM order_items i JOIN orders o ON o.id = i.order_id
WHERE o.updated_at >= %(since)s
  AND (i.status = 'canceled' AND i.canceled_quantity < i.quantity
       OR i.status = 'delivered'
          AND i.on_their_way_quantity + i.quantity - i.shipped_quantity - i.canceled_quantity > 0)
