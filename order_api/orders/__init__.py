"""What was placed: items, ship groups, tenders and sums; its units, history and notes, and the facts others decide by.

Never prices: lines are snapshots that no later catalog or promotion changes.
"""
