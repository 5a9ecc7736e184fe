"""Messages to other systems: rows written in the transaction of the fact and sent later by the relay (J1).

Owns the rows, their order, and the table that maps facts to messages. Calls no other system. Refuses nothing.
"""
