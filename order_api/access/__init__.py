"""Who asks, and what they may: API keys of channels, tokens of staff, roles and permissions. Refuses the rest."""
