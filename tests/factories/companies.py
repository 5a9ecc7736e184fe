"""A separate company for a test: a collection with a store, keys of its programs and a colleague of every role."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from order_api.access.actor import PERMISSIONS, Actor, ActorKind
from order_api.access.authenticate import digest_of, hash_password
from order_api.access.models import ApiKey, User
from order_api.core.database import transaction
from order_api.stores.models import OrderCollection, Store
from order_api.words import Role

PASSWORD = "a-password-of-the-tests"
STAFF = (Role.ORDER_ADMIN, Role.CSR_ADMIN, Role.CSR_ASSOCIATE, Role.STORE_OPERATOR, Role.AUDITOR)


@dataclass(frozen=True)
class Company:
    """`staff` are user names by role; their password is PASSWORD."""

    id: UUID
    key: str
    channel_key: str
    warehouse_key: str
    staff: dict[Role, str]

    @property
    def actor(self) -> Actor:
        """An actor with all permissions in this company, for tests that call a story."""
        return Actor(ActorKind.STAFF, "tester", PERMISSIONS[Role.ORDER_ADMIN], frozenset({self.id}))


def create_company(channel: str = "web", **properties: Any) -> Company:
    """`properties` are those of the collection, for example `order_number_length=4`."""
    key = f"company-{uuid4().hex[:12]}"
    collection = OrderCollection(id=uuid4(), key=key, name=key, stored_properties=properties)
    staff = {role: f"{role}-of-{key}" for role in STAFF}
    password_hash = hash_password(PASSWORD)
    with transaction() as session:
        session.add(collection)
        session.flush()
        session.add(Store(collection_id=collection.id, key="main-street", name="Main Street"))
        for role, username in staff.items():
            user = User(username=username, role=role, password_hash=password_hash)
            user.collection_ids = [str(collection.id)]
            user.store_keys = ["main-street"]
            session.add(user)
    return Company(
        id=collection.id,
        key=key,
        channel_key=create_api_key(collection.id, Role.CHANNEL, channel),
        warehouse_key=create_api_key(collection.id, Role.WAREHOUSE),
        staff=staff,
    )


def create_api_key(
    collection_id: UUID, role: Role, channel: str | None = None, requests_per_second: int | None = 10_000
) -> str:
    secret = f"osk_{uuid4().hex}"
    name = f"{role}-{uuid4().hex[:8]}"
    with transaction() as session:
        session.add(
            ApiKey(
                name=name,
                role=role,
                collection_id=collection_id,
                channel=channel,
                digest=digest_of(secret),
                requests_per_second=requests_per_second,
            )
        )
    return secret
