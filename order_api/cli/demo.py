"""The demo data: one collection with short waits, a store, API keys for the web channel and the warehouse, four people
and plenty of stock."""

import os

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.authenticate import digest_of, set_password
from order_api.access.models import ApiKey, User
from order_api.camunda.demo_people import DEMO_PEOPLE
from order_api.core.database import transaction
from order_api.core.errors import BusinessRuleViolated
from order_api.core.settings import settings
from order_api.reservations.receive import StockReceipt, receive_inventory
from order_api.stores.models import OrderCollection, Store
from order_api.words import Role

DEMO_STORE = "main-street"
DEMO_RATE = 1_000
"""Requests a second of each key: enough to try out how many orders a machine takes."""
DEMO_STOCK = {"TSHIRT-BLUE-M": 10_000, "MUG-WHITE": 10_000, "POSTER-A2": 10_000}


class DemoNotForProduction(BusinessRuleViolated):
    """The passwords of demo users are public."""


def seed() -> None:
    _refuse_in_production()
    with transaction() as session:
        collection = _collection(session)
        _store(session, collection)
        _key(session, collection, "web-shop", Role.CHANNEL, "web", os.environ["DEMO_API_KEY"])
        _key(session, collection, "warehouse", Role.WAREHOUSE, None, os.environ["DEMO_WAREHOUSE_KEY"])
        for person in DEMO_PEOPLE:
            _user(session, person.id, person.role, os.environ[person.password_variable])
    for sku, quantity in DEMO_STOCK.items():
        with transaction() as session:
            receive_inventory(session, StockReceipt(f"demo-{sku}", sku, "main", "A-01", quantity))


def has_collections() -> bool:
    with transaction() as session:
        return session.scalar(select(OrderCollection.id).limit(1)) is not None


def demo_passwords() -> dict[str, str]:
    """Passwords for the engine by the person's id; empty unless all of them are set."""
    if any(not os.environ.get(person.password_variable) for person in DEMO_PEOPLE):
        return {}
    _refuse_in_production()
    return {person.id: os.environ[person.password_variable] for person in DEMO_PEOPLE}


def _refuse_in_production() -> None:
    if settings().is_production:
        raise DemoNotForProduction("Demo data is refused when ORDER_SERVICE_ENV is production: unset DEMO_PASSWORD_*.")


def _collection(session: Session) -> OrderCollection:
    collection = session.scalar(select(OrderCollection).where(OrderCollection.key == "default"))
    if collection is None:
        collection = OrderCollection(key="default", name="Default")
        collection.stored_properties = {"edit_window": os.environ.get("DEMO_EDIT_WINDOW", "PT15S")}
        session.add(collection)
        session.flush()
    return collection


def _store(session: Session, collection: OrderCollection) -> None:
    if session.scalar(select(Store).where(Store.key == DEMO_STORE)) is None:
        session.add(Store(collection_id=collection.id, key=DEMO_STORE, name="Main Street"))


def _key(
    session: Session, collection: OrderCollection, name: str, role: Role, channel: str | None, secret: str
) -> None:
    key = session.scalar(select(ApiKey).where(ApiKey.name == name))
    if key is None:
        key = ApiKey(name=name, role=role, collection_id=collection.id, channel=channel)
        session.add(key)
    key.requests_per_second = DEMO_RATE
    key.digest = digest_of(secret)


def _user(session: Session, username: str, role: Role, password: str) -> None:
    user = session.scalar(select(User).where(User.username == username))
    if user is None:
        user = User(username=username, role=role)
        session.add(user)
    if role == Role.STORE_OPERATOR:
        user.store_keys = [DEMO_STORE]
    set_password(user, password)
