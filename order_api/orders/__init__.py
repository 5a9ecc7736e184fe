"""Orders: items, ship groups, tenders and sums; units, history and notes; and the facts that other slices decide by.

Computes no prices: lines are snapshots that later catalogs and promotions do not change.
"""
