"""Goods that come back: whether they may, what arrived, what it was worth."""
