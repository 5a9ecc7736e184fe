"""Keys of others: two that look the same are the same key."""

from unicodedata import normalize


def compared(key: str) -> str:
    """What a key is compared by: Unicode's form NFC (UAX 15), in which `é` is one character however it was typed."""
    return normalize("NFC", key)
