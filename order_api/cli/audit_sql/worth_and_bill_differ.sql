-- What remains of goods that left is not their worth less what was taken of it.
WITH kept AS (
    SELECT order_id, coalesce(item_id, charge_id) AS owner, tax_id, sum(amount - remaining) AS taken
    FROM kept_worth GROUP BY order_id, coalesce(item_id, charge_id), tax_id),
adjusted AS (
    SELECT order_id, coalesce(item_id, charge_id) AS owner, tax_id, -sum(amount) AS taken
    FROM adjustments WHERE NOT is_before_departure AND kind <> 'fee' GROUP BY order_id, coalesce(item_id, charge_id), tax_id)
SELECT o.number, 'taken ' || coalesce(k.taken, 0) || ', adjusted ' || coalesce(a.taken, 0)
FROM kept k FULL JOIN adjusted a
     ON a.order_id = k.order_id AND a.owner = k.owner AND a.tax_id IS NOT DISTINCT FROM k.tax_id
JOIN orders o ON o.id = coalesce(k.order_id, a.order_id)
WHERE o.updated_at >= %(since)s AND coalesce(k.taken, 0) <> coalesce(a.taken, 0)
