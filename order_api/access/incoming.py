from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any


@dataclass(frozen=True)
class IncomingRequest:
    """A caller's request: JSON from a program or a form from a person.

    `name` is the method and the path, `path` holds the path parameters, and `raw` is the body as received.
    `read` returns the parsed content. `if_match` and `key` are None when the caller sends no version or key.
    """

    name: str
    path: Mapping[str, Any]
    raw: bytes
    read: Callable[[], Any]
    if_match: str | None = None
    key: str | None = None

    @property
    def fingerprint(self) -> str:
        """Distinguishes a repeated request from a different one under the same key."""
        return sha256(b"\x1f".join([self.name.encode(), self.raw])).hexdigest()
