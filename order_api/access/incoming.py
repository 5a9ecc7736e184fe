import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any


@dataclass(frozen=True)
class IncomingRequest:
    """A caller's request: JSON from a program or a form from a person.

    `name` is the method and the path, and `path` holds the path parameters. `read` returns the parsed content.
    `if_match` and `key` are None when the caller sends no version or key.
    """

    name: str
    path: Mapping[str, Any]
    read: Callable[[], Any]
    if_match: str | None = None
    key: str | None = None

    def fingerprint(self, loaded: Mapping[str, Any]) -> str:
        """Distinguishes a repeated request from a different one under the same key. Contents that the schema reads as
        equal values are the same, however they are written."""
        content = json.dumps(_canonical(loaded), sort_keys=True, default=str)
        return sha256(f"{self.name}\x1f{content}".encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """10, 10.0 and "10.00" of an amount are one number; a moment is the same in every time zone."""
    match value:
        case Mapping():
            return {str(name): _canonical(each) for name, each in value.items()}
        case list() | tuple():
            return [_canonical(each) for each in value]
        case Decimal():
            return ["number", f"{value.normalize():f}"]
        case float() if value.is_integer():
            return int(value)
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat()
        case _:
            return value
