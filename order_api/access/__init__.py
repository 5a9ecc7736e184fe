"""Identifies the caller and their permissions: API keys of channels, tokens of staff, roles. Refuses all others."""
