"""Stock: what lies in which bin, what of it is set aside for which item, and who waits in line for more.

Refuses to reserve for an order that is being canceled, and lets no item overtake another that waits for the same sku.
"""
