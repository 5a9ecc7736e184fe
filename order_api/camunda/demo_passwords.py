"""Finds who in the engine has a password that everybody knows: settings change, but an engine keeps its users."""

from order_api.camunda.demo_people import DEMO_PEOPLE
from order_api.camunda.engine import get, post
from order_api.core.errors import BusinessRuleViolated
from order_api.core.settings import KNOWN_WORDS, settings

FIRST_USER = "admin"


class DemoPasswordsKept(BusinessRuleViolated):
    """An engine that was a demo's lets in whoever has read the demo's settings."""


def refuse_demo_passwords() -> None:
    """The user we ask as needs no guess: its password is ENGINE_PASSWORD, and production refuses one that is known."""
    suspects = sorted({FIRST_USER, *(person.id for person in DEMO_PEOPLE)} - {settings().engine_user})
    users = [user["id"] for user in get("/user", idIn=",".join(suspects))]
    if kept := sorted(filter(_has_known_password, users)):
        raise DemoPasswordsKept(
            "Not deployed, because everybody knows the passwords that these users have in the engine:"
            f" {', '.join(kept)}. Change them in Camunda's Admin, or delete the users there, and deploy again."
        )


def _has_known_password(user: str) -> bool:
    """A wrong guess locks a user for seconds, the tenth for good, and no password of a locked user is called right."""
    try:
        return any(_opens(user, word) for word in KNOWN_WORDS)
    finally:
        _unlock(user)


def _opens(user: str, password: str) -> bool:
    _unlock(user)
    return bool(post("/identity/verify", {"username": user, "password": password})["authenticated"])


def _unlock(user: str) -> None:
    post(f"/user/{user}/unlock")
