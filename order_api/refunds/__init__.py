"""Gives money back: each refund is a record with a number such as `…-F1`, a process of its own, and rows of money.

What a refund takes off the bill ends what is unpaid, then what was written off; only the rest is paid back (A1).
Refuses to take more than remains, and to pay back more than was captured. A refund that waits holds what it would take.
"""
