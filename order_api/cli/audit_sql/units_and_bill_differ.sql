-- What became of a unit is not what the bill says: canceled without adjustment, shipped without worth, or the reverse.
WITH of_units AS (
    SELECT DISTINCT r.item_id, unit, r.fate FROM unit_ranges r JOIN orders o ON o.id = r.order_id AND o.updated_at >= %(since)s
    CROSS JOIN LATERAL generate_series(r.first_unit, r.first_unit + r.quantity - 1) unit
    WHERE r.fate IN ('canceled', 'shipped')),
of_bill AS (
    SELECT r.item_id, unit, 'canceled' AS fate FROM adjustments r JOIN orders o ON o.id = r.order_id AND o.updated_at >= %(since)s
    CROSS JOIN LATERAL generate_series(r.first_unit, r.first_unit + r.quantity - 1) unit
    WHERE r.kind = 'units_canceled' AND r.charge_id IS NULL AND r.tax_id IS NULL
    UNION ALL
    SELECT r.item_id, unit, 'shipped' FROM kept_worth r JOIN orders o ON o.id = r.order_id AND o.updated_at >= %(since)s
    CROSS JOIN LATERAL generate_series(r.first_unit, r.first_unit + r.quantity - 1) unit
    WHERE r.item_id IS NOT NULL AND r.charge_id IS NULL AND r.tax_id IS NULL),
differing AS ((TABLE of_units EXCEPT TABLE of_bill) UNION ALL (TABLE of_bill EXCEPT TABLE of_units))
SELECT o.number, 'line ' || i.line_id || ' unit ' || d.unit || ' ' || d.fate
FROM differing d JOIN order_items i ON i.id = d.item_id JOIN orders o ON o.id = i.order_id
WHERE o.updated_at >= %(since)s
