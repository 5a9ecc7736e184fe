"""What the relay does with a row of the outbox: one module for each kind, with one function under `@sends`.

A sender that fails raises; `workers/deliver_row.py` then decides what becomes of the row.
"""
