-- An order is closed, but what is due and what was taken differ.
SELECT number, outstanding || ' outstanding'
FROM (SELECT o.number, o.closed_at, o.grand_total
               + (SELECT coalesce(sum(amount), 0) FROM adjustments WHERE order_id = o.id AND tax_id IS NULL)
               - (SELECT coalesce(sum(amount), 0) FROM payment_transactions
                  WHERE order_id = o.id AND kind IN ('capture', 'write_off') AND status = 'done') AS outstanding
      FROM orders o WHERE o.updated_at >= %(since)s) balance
WHERE closed_at IS NOT NULL AND outstanding <> 0
