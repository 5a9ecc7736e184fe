"""Orders: items, ship groups, tenders, sums, units, history and notes, and the facts behind other slices' decisions.

Computes no prices: lines are snapshots that later catalogs and promotions do not change.
"""
