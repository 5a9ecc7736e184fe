"""Mails to customers, one per event and recipient. The history records those without an address or refused for good."""
