"""What others must be told: rows written in the transaction of the fact, sent later by the relay (J1).

Owns the rows and their order; knows neither the engine nor a mail server. Refuses nothing.
"""
