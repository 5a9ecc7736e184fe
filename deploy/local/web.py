import urllib.error
import urllib.request
from http.client import HTTPException

# No listener, a listener that speaks no HTTP, or an invalid address.
SILENCE = (OSError, HTTPException, ValueError)


def is_fine(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - addresses of our own
            return bool(answer.status == 200)
    except SILENCE:
        return False


def answers(url: str) -> bool:
    """Whether a server responds; an HTTP error counts as a response."""
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - addresses of our own
    except urllib.error.HTTPError:
        return True
    except SILENCE:
        return False
    return True
