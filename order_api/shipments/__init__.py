"""Goods handed to fulfillment, gone and arrived. Owns requests, parcels and deliveries.

Refuses to ship what is being canceled, and more units than are open.
"""
