"""One HTTP session to the engine with time-outs; translates its error answers into our exceptions.

The engine answers an optimistic-locking conflict, a deadlock, or rows added during a deletion with HTTP 500 and one of
CONFLICT_CODES, and does not retry by itself. Such a call has changed nothing in the engine, so we repeat the call, but
not the work that led to it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from order_api.core.database import refuse_inside_transaction
from order_api.core.settings import settings

REQUEST_TIMEOUT = 10.0
"""Seconds for an ordinary engine call; leases on outbox rows are longer."""

CONFLICT_CODES = frozenset({1, 10000, 10001})
LOGIN_REFUSED = (
    "The engine refuses ENGINE_PASSWORD for ENGINE_USER: set it to the engine's ENGINE_SERVICE_SECRET or, for an"
    " ordinary user, to that user's password in the engine. An engine that is not ours may also have locked that user"
    " after wrong passwords: `order-service unlock-login`."
)


class EngineError(Exception):
    """The engine refused a call: `status` is the HTTP status, `code` the engine's own number."""

    def __init__(self, message: str, status: int = 0, code: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class EngineUnavailable(EngineError):
    """No answer, or the engine is starting or down. The call may or may not have been carried out."""


class EngineConflict(EngineError):
    """Two calls collided in the engine. This one changed nothing and may be repeated."""


class LoginRefused(EngineError):
    """The engine refuses our user name and password."""


class LoginLocked(EngineError):
    """The engine refuses all our log-ins for now, after too many wrong passwords."""


class EngineNotFound(EngineError):
    """The task, process instance or definition does not exist, or no longer exists."""


class EngineRejected(EngineError):
    """HTTP 400: the call does not fit the present state, for example no flow waits for the message."""


KINDS: dict[int, type[EngineError]] = {
    400: EngineRejected,
    401: LoginRefused,
    404: EngineNotFound,
    429: LoginLocked,
}


class EngineResponse(Protocol):
    """The parts of an HTTP response that we read."""

    status_code: int

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def text(self) -> str: ...

    def json(self) -> Any: ...


def raise_for(response: EngineResponse) -> None:
    if response.status_code < 400:
        return
    status, (message, code) = response.status_code, _error_of(response)
    if status == 500 and code in CONFLICT_CODES:
        raise EngineConflict(message, status, code)
    if status in (502, 503, 504):
        raise EngineUnavailable(message, status, code)
    if status == 401:
        message = LOGIN_REFUSED
    if status == 429:
        message = f"Too many wrong passwords: try again in {response.headers.get('Retry-After', 'some')} s."
    raise KINDS.get(status, EngineError)(message, status, code)


def _error_of(response: EngineResponse) -> tuple[str, int | None]:
    try:
        body = response.json()
        return str(body.get("message", "")), body.get("code")
    except (ValueError, AttributeError):
        return response.text[:500], None


repeat_on_conflict = retry(
    retry=retry_if_exception_type(EngineConflict),
    wait=wait_random_exponential(multiplier=0.05, max=1.0),
    stop=stop_after_attempt(8),
    reraise=True,
)


class EngineSession(requests.Session):
    """Adds keep-alive, authentication and a time-out to every call, both pycamunda's and our own.

    Refuses to be called inside a transaction, as ports do.
    """

    def __init__(self, user: str, password: str, connections: int = 40) -> None:
        super().__init__()
        self.auth = (user, password)
        self.trust_env = False
        adapter = HTTPAdapter(pool_connections=connections, pool_maxsize=connections)
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        refuse_inside_transaction("The engine was called")
        kwargs.setdefault("timeout", REQUEST_TIMEOUT)
        try:
            response = super().request(*args, **kwargs)
        except requests.RequestException as error:
            raise EngineUnavailable(f"The engine gave no answer: {type(error).__name__}.") from error
        raise_for(response)
        return response


@cache
def session() -> EngineSession:
    return EngineSession(settings().engine_user, settings().engine_password)


def url(path: str) -> str:
    return settings().engine_url + path


def get(path: str, **params: Any) -> Any:
    return session().get(url(path), params=params).json()


@repeat_on_conflict
def post(path: str, body: Any = None) -> Any:
    response = session().post(url(path), json=body)
    return response.json() if response.content else None
