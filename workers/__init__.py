"""Small processes beside the API: external-task workers, the relay of the outbox, the builtin warehouse's day."""
