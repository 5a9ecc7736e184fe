"""Holds, takes and releases money: the ledger of all requests to payment gateways.

Refuses to act twice under one key and to capture more than was authorized. Releases what will not be captured.
"""
