"""What only the flow does to an order: binds its process, sets its statuses, marks waits that take too long.

Refuses to process an order that is being canceled.
"""
