"""Order numbers are random, so they reveal neither other orders nor how many a shop sells."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.core.database import try_lock
from order_api.orders.models import Order
from order_api.stores.properties import CollectionProperties

MAX_TRIES = 20
MIN_COLLISION_FREE = 10**18
"""With this many possible numbers, even after a billion orders a draw hits a used one less than once in a billion."""


class NumbersExhausted(RuntimeError):
    """The collection's numbers are too short for its orders; make them longer."""


def draw_number(session: Session, properties: CollectionProperties) -> str:
    """Draws a random number that no other order has. Skips the lock and the look-up if the collection has so many
    possible numbers that a collision is practically impossible."""
    for _ in range(MAX_TRIES):
        letters = (secrets.choice(properties.order_number_alphabet) for _ in range(properties.order_number_length))
        number = "".join(letters)
        if _is_collision_free(properties):
            return number
        if try_lock(session, "order number", number) and _is_free(session, number):
            return number
    raise NumbersExhausted(f"No free order number: {properties.order_number_length} characters are too few.")


def _is_collision_free(properties: CollectionProperties) -> bool:
    numbers: int = len(set(properties.order_number_alphabet)) ** properties.order_number_length
    return numbers >= MIN_COLLISION_FREE


def _is_free(session: Session, number: str) -> bool:
    return session.scalar(select(Order.id).where(Order.number == number)) is None
