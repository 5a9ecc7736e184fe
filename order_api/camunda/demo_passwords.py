"""Finds engine users with a published password: settings change, but an engine keeps its users."""

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
            "Not deployed, because everybody knows the passwords that these users have in the engine:"
            f" {', '.join(kept)}. Change them in Camunda's Admin, or delete the users there, and deploy again."
        )


def _has_known_password(user: str) -> bool:
    """The engine locks a user for seconds after a wrong guess and for good after the tenth, and answers no for a locked
    user even if the password is right; hence the unlocking."""
    try:
        return any(_opens(user, word) for word in PUBLISHED_PASSWORDS)
    finally:
        unlock(user)


def _opens(user: str, password: str) -> bool:
    unlock(user)
    return bool(post("/identity/verify", {"username": user, "password": password})["authenticated"])
