"""Turns a credential into an actor. API keys are stored as digests, passwords as argon2 hashes, tokens not at all."""

import hashlib
from datetime import timedelta
from functools import cache
from typing import Any

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import ColumnElement, Integer, literal_column, select
from sqlalchemy.orm import Session

from order_api.access.actor import PERMISSIONS, Actor, ActorKind
from order_api.access.login_attempts import begin_check, note_result
from order_api.access.models import ApiKey, User
from order_api.access.rates import DEFAULT_REQUESTS_PER_SECOND, rates
from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.errors import NotAuthenticated
from order_api.core.settings import is_published, settings
from order_api.core.text_check import is_storable
from order_api.words import Role

API_KEY_PREFIX = "osk_"
RATE_OF_COLLECTION: ColumnElement[int | None] = literal_column(
    "(SELECT (stored_properties ->> 'requests_per_second')::int FROM order_collections c WHERE c.id = collection_id)",
    Integer,
)
"""Collections belong to the slice `stores`, which is above this one; reading this one number saves a second query."""
TOKEN_LIFETIME = timedelta(hours=8)
CLOCKS_DIFFER = 60.0
"""Seconds, at most, between the clocks of two of our machines."""


class CredentialMissing(NotAuthenticated):
    """The request has no credential. Send `Authorization: Bearer` with an API key or a token."""


class CredentialInvalid(NotAuthenticated):
    """The API key or token is unknown, revoked or expired, or the user name or password is wrong."""


class DemoCredentialRefused(NotAuthenticated):
    """The credential is public, because the demo's settings contain it, so production refuses it."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def set_password(user: User, password: str) -> None:
    """Ends all log-ins made with the old password. Setting the same password again changes nothing."""
    if not _fits(user.password_hash, password):
        user.password_hash, user.logged_out_at = hash_password(password), clock.now()


def _fits(password_hash: str | None, password: str) -> bool:
    """Unknown users are checked against a decoy hash, so timing does not reveal whether the name exists."""
    try:
        return _hasher().verify(password_hash or _decoy(), password) and password_hash is not None
    except VerificationError:
        return False


@cache
def _decoy() -> str:
    return hash_password("decoy")


def digest_of(api_key: str) -> str:
    """API keys are long and random, so one fast hash is enough and a look-up by index is possible."""
    return hashlib.sha256(api_key.encode()).hexdigest()


def authenticate(session: Session, authorization: str | None) -> Actor:
    scheme, _, credential = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not credential.strip():
        raise CredentialMissing("Send `Authorization: Bearer` with an API key or a staff token.")
    if credential.startswith(API_KEY_PREFIX):
        return _program(session, credential.strip())
    return _staff(session, credential.strip())


def _program(session: Session, api_key: str) -> Actor:
    _refuse_published(api_key.removeprefix(API_KEY_PREFIX))
    found = select(ApiKey, RATE_OF_COLLECTION).where(ApiKey.digest == digest_of(api_key), ApiKey.revoked_at.is_(None))
    row = session.execute(found).one_or_none()
    if row is None:
        raise CredentialInvalid("This API key is unknown or revoked.")
    key, rate_of_collection = row
    rates().spend(key.id, key.requests_per_second or rate_of_collection or DEFAULT_REQUESTS_PER_SECOND)
    role, collections = Role(key.role), frozenset({key.collection_id})
    stores = _stores(role, key.store_keys)
    return Actor(ActorKind.CHANNEL, key.name, PERMISSIONS[role], collections, key.channel, role, stores)


def _staff(session: Session, token: str) -> Actor:
    try:
        claims = jwt.decode(token, settings().secret_key, ["HS256"], options={"require": ["sub", "iat", "exp"]})
    except (jwt.PyJWTError, ValueError, OverflowError, TypeError, AttributeError, RecursionError):
        raise CredentialInvalid("This token is not valid or has expired; get a new one from /v1/tokens.") from None
    return staff_actor(session, claims["sub"], claims["iat"])


def staff_actor(session: Session, username: Any, since: Any) -> Actor:
    """Reads the permissions at every request, so disabling a user takes effect at once. `since`: time of the log-in.
    Both are signed by us, but may be anything: another program may share the secret."""
    if not isinstance(username, str) or not is_storable(username):
        raise CredentialInvalid("The credential names no user.")
    if type(since) not in (int, float) or not 0 < since <= clock.now().timestamp() + CLOCKS_DIFFER:
        raise CredentialInvalid("The credential does not say when its log-in was.")
    user = session.scalar(select(User).where(User.username == username, User.disabled_at.is_(None)))
    if user is None:
        raise CredentialInvalid("This user no longer exists or is disabled.")
    if user.logged_out_at is not None and since <= user.logged_out_at.timestamp():
        raise CredentialInvalid("This user has logged out or got a new password since; log in again.")
    role = Role(user.role)
    stores = _stores(role, user.store_keys)
    return Actor(ActorKind.STAFF, user.username, PERMISSIONS[role], user.collections, role=role, stores=stores)


def _stores(role: Role, keys: list[Any] | None) -> frozenset[str] | None:
    """A store operator sees only what is at their stores; without any, none of it."""
    return frozenset(map(str, keys or ())) if role == Role.STORE_OPERATOR else None


def _refuse_published(secret: str) -> None:
    if settings().is_production and is_published(secret):
        raise DemoCredentialRefused("This demo credential is public, so production refuses it.")


def verified_login_time(username: str, password: str, address: str) -> float:
    """Returns the time of the log-in. It is read before the check, so a log-out or a new password during the check also
    ends this log-in.

    Raises CredentialInvalid, which does not reveal whether the name or the password is wrong, and TooManyLogins.
    """
    since = clock.now().timestamp()
    with transaction() as session:
        begin_check(session, username, address)
        hash_of_user = select(User.password_hash).where(User.username == username, User.disabled_at.is_(None))
        is_right = _fits(session.scalar(hash_of_user), password)
        note_result(session, username, address, is_right=is_right)
    if not is_right:
        raise CredentialInvalid("User name or password is wrong.")
    _refuse_published(password)
    return since


def issue_token(username: str, password: str, address: str) -> dict[str, object]:
    since = verified_login_time(username, password, address)
    claims = {"sub": username, "iat": since, "exp": clock.now() + TOKEN_LIFETIME}
    token = jwt.encode(claims, settings().secret_key, algorithm="HS256")
    return {"access_token": token, "token_type": "Bearer", "expires_in": int(TOKEN_LIFETIME.total_seconds())}
