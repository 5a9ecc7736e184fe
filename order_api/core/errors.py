"""Refusals of a caller's request. Each class is a fact with a stable code, sent as `application/problem+json`.

Its docstring explains the code to the caller: what is wrong, and what would be right (docs/errors.md).
"""

import re
from typing import Any, ClassVar


class ServiceError(Exception):
    """Base of all refusals. `errors` lists single fields: `{"field", "code", "message", "sent", "expected"}`."""

    status: ClassVar[int] = 500

    def __init__(self, detail: str, *, errors: list[dict[str, Any]] | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or []
        self.extra = extra
        self.headers: dict[str, str] = {}

    @property
    def code(self) -> str:
        return code_of(type(self))


def code_of(refusal: type[ServiceError]) -> str:
    """`OrderAlreadyShipped` → `order_already_shipped`: the class name is the contract."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", refusal.__name__).lower()


class BadRequest(ServiceError):
    status = 400


class NotAuthenticated(ServiceError):
    status = 401

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.headers["WWW-Authenticate"] = "Bearer"


class NotPermitted(ServiceError):
    status = 403


class NotFound(ServiceError):
    status = 404


class BusinessRuleViolated(ServiceError):
    """A rule refuses the request in the present state; it may succeed once the state has changed."""

    status = 409


class VersionOutdated(ServiceError):
    status = 412


class NotProcessable(ServiceError):
    status = 422


class TooManyRequests(ServiceError):
    """It may succeed after `Retry-After` seconds."""

    status = 429

    def __init__(self, detail: str, seconds: int = 1) -> None:
        super().__init__(detail)
        self.headers["Retry-After"] = str(seconds)


class RefusedForGood(ServiceError):
    """The receiver will never accept this, so do not try again."""

    status = 502


class OperatorNeeded(ServiceError):
    """An operator has to act first; until then, every try fails."""

    status = 502


class OutsideSystemUnavailable(Exception):
    """A vendor or the engine gave no clear answer. The call may have worked already, or may work later."""


class NotYet(Exception):
    """Something else must happen first. The task runs again after `seconds` and uses up no retry."""

    def __init__(self, reason: str, seconds: float = 2.0) -> None:
        super().__init__(reason)
        self.seconds = seconds
