"""Mails to customers, one per event and recipient. The history records mails that lack an address or were refused."""
