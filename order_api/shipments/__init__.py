"""Goods handed to fulfillment, shipped and delivered. Owns requests, parcels and deliveries.

Refuses to ship an order that is being canceled, and more units than are open.
"""
