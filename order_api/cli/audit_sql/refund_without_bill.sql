-- A granted refund is not what it took off the bill, or pays back more than that and what was captured beyond what is owed.
SELECT o.number, r.number FROM refunds r JOIN orders o ON o.id = r.order_id
WHERE o.updated_at >= %(since)s AND r.state IN ('paying', 'paid')
AND (r.amount <> (SELECT coalesce(-sum(a.amount), 0) FROM adjustments a
                  WHERE a.cause_kind = 'refund' AND a.cause_id = r.id AND a.tax_id IS NULL)
     OR r.caused_by_id IS NULL
     AND r.paid_back > r.amount - r.ends_unpaid - r.ends_written_off + (r.wanted ->> 'excess')::bigint)
