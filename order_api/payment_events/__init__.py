"""Messages that payment gateways send by themselves: stored once as they came, and carried out later.

Refuses messages whose signature the adapter does not accept. Repeats and disorder do no harm.
"""
