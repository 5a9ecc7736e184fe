"""`Idempotency-Key`: a repeated request gets the first answer, byte for byte.

The request's own transaction stores the key. An advisory lock marks the request as running. The lock ends with the
transaction, even if the process dies, so a killed request leaves neither a partial answer nor a locked key.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flask import Response
from sqlalchemy import delete
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.access.incoming import IncomingRequest
from order_api.access.models import IdempotencyKey
from order_api.core import clock
from order_api.core.database import try_lock
from order_api.core.errors import BusinessRuleViolated, NotProcessable
from order_api.core.text_check import is_storable

KEY_LIFETIME = timedelta(days=30)
MAX_KEY_LENGTH = 200
STORED_HEADERS = ("Content-Type", "Location", "ETag")


class IdempotencyKeyReused(NotProcessable):
    """Another request was sent with this `Idempotency-Key`. Send a new key."""


class RequestStillRunning(BusinessRuleViolated):
    """The first request with this `Idempotency-Key` is still running. Repeat it in a moment."""


class IdempotencyKeyRequired(NotProcessable):
    """A repeat of this request would act again. Send an `Idempotency-Key`, so that it gets the first answer."""


class IdempotencyKeyInvalid(NotProcessable):
    """The `Idempotency-Key` is empty, longer than 200 characters, or holds characters that cannot be stored."""


def answer_once(
    session: Session,
    actor: Actor,
    incoming: IncomingRequest,
    content: Mapping[str, Any],
    answer: Callable[[], Response],
) -> Response:
    """`content` as its schema has loaded it."""
    key = incoming.key
    if key is None:
        return answer()
    if not 1 <= len(key) <= MAX_KEY_LENGTH or not is_storable(key):
        raise IdempotencyKeyInvalid(f"Idempotency-Key needs 1 to {MAX_KEY_LENGTH} characters that can be stored.")
    owner, fingerprint = actor.whole_name, incoming.fingerprint(content)
    if not try_lock(session, "idempotency", owner, key):
        raise RequestStillRunning("A request with this Idempotency-Key is being worked on; repeat it in a moment.")
    earlier = session.get(IdempotencyKey, (owner, key))
    if earlier is not None and earlier.created_at > clock.now() - KEY_LIFETIME:
        return _replay(earlier, fingerprint)
    response = answer()
    session.merge(_stored(owner, key, fingerprint, response))
    return response


def _replay(earlier: IdempotencyKey, fingerprint: str) -> Response:
    if earlier.fingerprint != fingerprint:
        raise IdempotencyKeyReused("This Idempotency-Key was used with another request; send a new key.")
    return Response(earlier.body, status=earlier.status, headers=earlier.headers)


def _stored(owner: str, key: str, fingerprint: str, response: Response) -> IdempotencyKey:
    headers = {name: response.headers[name] for name in STORED_HEADERS if name in response.headers}
    return IdempotencyKey(
        actor=owner,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers=headers,
        body=response.get_data(),
        created_at=clock.now(),
    )


def forget_old(session: Session) -> None:
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.now() - KEY_LIFETIME))
