"""Fetches, locks, works and reports external tasks of all topics."""
