from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any


@dataclass(frozen=True)
class Asked:
    """What a caller asks for, whether a program sends JSON or a person sends a form.

    `name` is the method and the address, `path` holds the parameters in the address, and `raw` is what was sent,
    byte for byte. `read` gives the content. `if_match` and `key` are None when the caller names no version or key.
    """

    name: str
    path: Mapping[str, Any]
    raw: bytes
    read: Callable[[], Any]
    if_match: str | None = None
    key: str | None = None

    @property
    def fingerprint(self) -> str:
        """Tells a repeated request from another one under the same key."""
        return sha256(b"\x1f".join([self.name.encode(), self.raw])).hexdigest()
