"""Finds engine users with a published password: an engine keeps its demo users when the settings change."""

from order_api.camunda.demo_people import DEMO_PEOPLE
from order_api.camunda.engine import get, post
from order_api.camunda.identity import unlock
from order_api.core.errors import BusinessRuleViolated
from order_api.core.settings import PUBLISHED_PASSWORDS, settings

FIRST_USER = "admin"


class DemoPasswordsKept(BusinessRuleViolated):
    """An engine that once served the demo still accepts the demo's published passwords."""


def refuse_demo_passwords() -> None:
    """Skips the service's own user: production already refuses a published ENGINE_PASSWORD."""
    suspects = sorted({FIRST_USER, *(person.id for person in DEMO_PEOPLE)} - {settings().engine_user})
    users = [user["id"] for user in get("/user", idIn=",".join(suspects))]
    if kept := sorted(filter(_has_known_password, users)):
        raise DemoPasswordsKept(
            "Not deployed, because the passwords of these engine users are public:"
            f" {', '.join(kept)}. Change them in Camunda's Admin, or delete the users there, and deploy again."
        )


def _has_known_password(user: str) -> bool:
    """Unlocks the user before each guess and at the end: a wrong guess locks a user for seconds, the tenth for good,
    and the engine refuses a locked user even with the right password."""
    try:
        return any(_opens(user, word) for word in PUBLISHED_PASSWORDS)
    finally:
        unlock(user)


def _opens(user: str, password: str) -> bool:
    unlock(user)
    return bool(post("/identity/verify", {"username": user, "password": password})["authenticated"])
