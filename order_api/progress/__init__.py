"""What the flow alone does to an order: binds its process, shows its statuses, marks waits that take too long.

Refuses to go on with an order that is being canceled.
"""
