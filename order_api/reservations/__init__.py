"""Stock held for items. Owns which hold belongs to which item; the inventory behind its port owns the stock.

Refuses to hold for an order that is being canceled.
"""
