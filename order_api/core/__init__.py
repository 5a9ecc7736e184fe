"""What would be the same in a library system: settings, database, clock, money, errors. No business word lives here."""
