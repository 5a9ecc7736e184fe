"""What the customer owes: the order as placed plus adjustments, and the worth that units had when they left.

Rows are only added, under the order's lock; what was placed is never rewritten. Amounts are gross, with each tax within
them separately. `proof.bill` has the arithmetic.
"""
