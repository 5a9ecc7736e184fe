-- Returned goods are in stock without a verdict, or have a verdict and are not in stock.
WITH judged AS (
    SELECT u.receipt_id || ' ' || l.item_id || ' ' || u.first_unit AS key, u.quantity, r.order_id
    FROM return_units u JOIN return_lines l ON l.id = u.line_id JOIN returns r ON r.id = l.return_id
    WHERE u.verdict IN ('resellable', 'quarantine', 'scrap')),
restocked AS (
    SELECT s.key, s.quantity, r.order_id
    FROM stock_restocked s JOIN return_receipts c ON c.id::text = split_part(s.key, ' ', 1)
    JOIN returns r ON r.id = c.return_id)
SELECT o.number, 'judged ' || coalesce(j.quantity, 0) || ', in stock ' || coalesce(s.quantity, 0)
FROM judged j FULL JOIN restocked s USING (key) JOIN orders o ON o.id = coalesce(j.order_id, s.order_id)
WHERE o.updated_at >= %(since)s AND j.quantity IS DISTINCT FROM s.quantity
