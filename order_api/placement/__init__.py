"""Places orders: checks a channel's order, proves its sums, stores it and requests its process, in one transaction.

Refuses sums that do not add up and services that the collection does not offer. Computes no prices.
"""
