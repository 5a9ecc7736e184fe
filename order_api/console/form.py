"""A form between its page and the person: what was typed, what is wrong with it, and its hidden fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from flask import request

from order_api.access.idempotency import IdempotencyKeyReused, RequestStillRunning
from order_api.core.content import InvalidContent
from order_api.core.errors import ServiceError, VersionOutdated

HIDDEN = ("csrf_token", "version", "key")
MAX_VERSION_DIGITS = 18
SENTENCES: dict[type[ServiceError], str] = {
    VersionOutdated: (
        "The order has changed since you saw it, so nothing was done. Send the form again if you still want this done."
    ),
    IdempotencyKeyReused: "You already sent this form with other content. Send it again if you want both.",
    RequestStillRunning: (
        "The first click is still in progress. Send the form again in a moment; it takes effect only once."
    ),
    InvalidContent: "Nothing was done yet. Correct the field that is marked.",
}


def _new_key() -> str:
    return uuid4().hex


@dataclass(frozen=True)
class Form:
    """`action` is the name of the action it was sent to, None for a new form. `version` is the order's version that the
    person saw, 0 if unknown. Each new form gets a `key`, so a second click changes nothing."""

    action: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    key: str = field(default_factory=_new_key)
    refusal: ServiceError | None = None

    @classmethod
    def sent(cls, action: str) -> "Form":
        typed = {name: _as_typed(text) for name, text in request.form.items() if name not in HIDDEN}
        return cls(action, typed, _number(request.form.get("version", "")), request.form.get("key", ""))

    def refused(self, refusal: ServiceError) -> "Form":
        """The same form with its error. It gets a new key if the old one was used with other content."""
        key = _new_key() if isinstance(refusal, IdempotencyKeyReused) else self.key
        return replace(self, refusal=refusal, key=key)

    @property
    def is_outdated(self) -> bool:
        return isinstance(self.refusal, VersionOutdated)

    @property
    def alert(self) -> str | None:
        """The message above the form."""
        if self.refusal is None:
            return None
        return next((s for kind, s in SENTENCES.items() if isinstance(self.refusal, kind)), self.refusal.detail)

    def wrong(self, name: str) -> list[str]:
        """The messages beside the field."""
        errors: list[dict[str, Any]] = self.refusal.errors if self.refusal else []
        return [error["message"] for error in errors if error.get("field") == name and "message" in error]


def _as_typed(text: str) -> str:
    """HTML sends each line end as two characters."""
    return text.replace("\r\n", "\n")


def _number(version: str) -> int:
    return int(version) if version.isdecimal() and len(version) <= MAX_VERSION_DIGITS else 0
