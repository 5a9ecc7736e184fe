"""Stock: the units in each bin, their reservations for items, and the backorders of items that wait for more.

Refuses to reserve for an order that is being canceled. Items that wait for the same sku are served in order.
"""
