"""Identifies the caller and their permissions: API keys of programs, tokens of staff, roles. Refuses other callers."""
