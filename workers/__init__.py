"""Processes beside the API: the external-task workers, the relay of the outbox, the builtin warehouse."""
