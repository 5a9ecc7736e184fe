"""The request to cancel an order and the undo that follows it.

Refuses to cancel the whole order once a unit has shipped.
"""
