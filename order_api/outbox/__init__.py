"""What others must be told: rows written in the transaction of the fact, sent later by the relay (J1).

Owns the rows and their order, and the table of which message a fact becomes. Calls no other system. Refuses nothing.
"""
