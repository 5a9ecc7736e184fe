"""Money held, taken and released: the ledger of everything asked of a payment gateway.

Refuses to act twice under one key, to capture more than was authorized, and to hold what nobody will take.
"""
