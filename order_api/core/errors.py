"""Refusals of a caller's request. Each class is a fact with a stable code, sent as `application/problem+json`."""

import re
from typing import Any, ClassVar


class ServiceError(Exception):
    """Base of all refusals. `errors` lists single fields: `{"field", "code", "message", "sent", "expected"}`."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "The request could not be carried out."

    def __init__(self, detail: str, *, errors: list[dict[str, Any]] | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or []
        self.extra = extra
        self.headers: dict[str, str] = {}

    @property
    def code(self) -> str:
        """`OrderAlreadyShipped` → `order_already_shipped`: the class name is the contract."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


class BadRequest(ServiceError):
    status = 400
    title = "The request cannot be read."


class NotAuthenticated(ServiceError):
    status = 401
    title = "A credential is needed."

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.headers["WWW-Authenticate"] = "Bearer"


class NotPermitted(ServiceError):
    status = 403
    title = "The credential does not allow this."


class NotFound(ServiceError):
    status = 404
    title = "There is no such thing."


class BusinessRuleViolated(ServiceError):
    """A rule refuses the request in the present state; it may succeed once the state has changed."""

    status = 409
    title = "A business rule does not allow this."


class VersionOutdated(ServiceError):
    status = 412
    title = "It was changed since it was read."


class NotProcessable(ServiceError):
    status = 422
    title = "The content is not acceptable."


class RefusedForGood(ServiceError):
    """The receiver will never accept this, so trying again is in vain."""

    status = 502
    title = "Another system refuses this for good."


class OperatorNeeded(ServiceError):
    """Trying again is in vain until an operator has acted."""

    status = 502
    title = "An operator has to act first."


class OutsideSystemUnavailable(Exception):
    """A vendor or the engine gave no clear answer. The call may have worked already, or may work later."""


class NotYet(Exception):
    """Something else must happen first. The task runs again after `seconds` and uses up no retry."""

    def __init__(self, reason: str, seconds: float = 2.0) -> None:
        super().__init__(reason)
        self.seconds = seconds
