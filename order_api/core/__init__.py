"""Code without business words, the same in any system: settings, database, clock, money, errors."""
