"""What was placed: items, ship groups, tenders and sums, and the facts others decide by (canceled, frozen, shipped).

Refuses what does not add up. Never prices: lines are snapshots that no later catalog or promotion changes.
"""
