"""Places orders: checks what a channel sent, proves it, stores it and has its process started, in one transaction.

Refuses what does not add up and what the collection does not offer. Never prices.
"""
