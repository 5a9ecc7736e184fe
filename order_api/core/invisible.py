"""Characters that cannot be seen: two texts that differ in them look the same."""

FORMAT = (
    r"\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
"""Unicode's format characters (category Cf) but the joiners, as a part of a regular expression. Among them are those
that turn the direction of text."""

JOINERS = r"\u200c\u200d"
"""Persian, Hindi and emoji need them in texts."""

BLANK_LETTERS = r"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Fillers, variation selectors and others that are no format characters and show nothing all the same."""
