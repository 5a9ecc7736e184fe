"""What the relay does with a row of the outbox: one module for each kind, with one function under `@sends`.

A sender raises what went wrong; `workers/deliver_row.py` says what becomes of the row then.
"""
