from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from order_api.words import Role


class Permission(StrEnum):
    PLACE_ORDERS = "place_orders"
    READ_ORDERS = "read_orders"
    WRITE_NOTES = "write_notes"
    CANCEL_ORDERS = "cancel_orders"
    REPLACE_PAYMENTS = "replace_payments"
    SHIP_ITEMS = "ship_items"
    RECEIVE_INVENTORY = "receive_inventory"
    WRITE_OFF = "write_off"
    REFUND = "refund"
    APPROVE_REFUNDS = "approve_refunds"
    BOOK_REFUNDS = "book_refunds"
    ANNOUNCE_RETURNS = "announce_returns"
    APPROVE_RETURNS = "approve_returns"
    RECEIVE_RETURNS = "receive_returns"
    SCAN_RETURNS = "scan_returns"


SERVICE = frozenset(
    {
        Permission.READ_ORDERS,
        Permission.WRITE_NOTES,
        Permission.CANCEL_ORDERS,
        Permission.REPLACE_PAYMENTS,
        Permission.REFUND,
        Permission.ANNOUNCE_RETURNS,
    }
)
GOODS = frozenset(
    {Permission.READ_ORDERS, Permission.SHIP_ITEMS, Permission.RECEIVE_INVENTORY, Permission.RECEIVE_RETURNS}
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ORDER_ADMIN: frozenset(Permission),
    Role.CSR_ADMIN: SERVICE
    | {
        Permission.PLACE_ORDERS,
        Permission.WRITE_OFF,
        Permission.APPROVE_REFUNDS,
        Permission.BOOK_REFUNDS,
        Permission.APPROVE_RETURNS,
        Permission.RECEIVE_RETURNS,
    },
    Role.CSR_ASSOCIATE: SERVICE | {Permission.PLACE_ORDERS},
    Role.STORE_OPERATOR: GOODS | {Permission.WRITE_NOTES, Permission.ANNOUNCE_RETURNS},
    Role.CHANNEL: SERVICE | {Permission.PLACE_ORDERS, Permission.SCAN_RETURNS},
    Role.WAREHOUSE: GOODS | {Permission.SCAN_RETURNS},
    Role.AUDITOR: frozenset({Permission.READ_ORDERS}),
}


NEEDED_FOR_DECISION = {
    "write_off": Permission.WRITE_OFF,
    "grant_refund": Permission.APPROVE_REFUNDS,
    "lower_refund": Permission.APPROVE_REFUNDS,
    "refuse_refund": Permission.APPROVE_REFUNDS,
    "booked": Permission.BOOK_REFUNDS,
    "came_back": Permission.BOOK_REFUNDS,
    "written_off": Permission.WRITE_OFF,
    "approve_return": Permission.APPROVE_RETURNS,
    "refuse_return": Permission.APPROVE_RETURNS,
    "no_money": Permission.APPROVE_RETURNS,
    "write_off_goods": Permission.WRITE_OFF,
}
"""Decisions in queues that need a permission; the queue itself may be open to more people."""
NOT_BY_WHO_ASKED = frozenset({"grant_refund", "lower_refund", "refuse_refund", "approve_return", "refuse_return"})
"""Decisions that the person who asked may not take."""


class ActorKind(StrEnum):
    CHANNEL = "channel"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """The caller. `collections` None means every collection; a key with a `channel` sees only that channel's orders."""

    kind: ActorKind
    id: str
    permissions: frozenset[Permission] = field(default=frozenset(), repr=False)
    collections: frozenset[UUID] | None = None
    channel: str | None = None
    role: Role | None = None
    stores: frozenset[str] | None = None
    """The keys of the stores whose returns the caller sees; None means every location."""

    @property
    def whole_name(self) -> str:
        """Unique across collections and channels, unlike `id`. Colons inside the parts are escaped."""
        channel = [] if self.channel is None else [self.channel]
        parts = [self.kind, self.id, *channel, *sorted(str(c) for c in self.collections or ())]
        return ":".join(part.replace("%", "%25").replace(":", "%3A") for part in parts)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def system_actor(name: str) -> Actor:
    """A part of the service itself, such as a worker, the relay or the builtin warehouse."""
    return Actor(ActorKind.SYSTEM, name, frozenset(Permission))
