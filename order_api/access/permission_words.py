"""The permissions in words: for refusals, and for the page of docs/ that is written from them."""

from collections.abc import Mapping

from order_api.access.actor import Permission

IN_WORDS: Mapping[Permission, str] = {
    Permission.PLACE_ORDERS: "place orders",
    Permission.READ_ORDERS: "read orders",
    Permission.WRITE_NOTES: "write notes",
    Permission.CANCEL_ORDERS: "cancel orders and units",
    Permission.REPLACE_PAYMENTS: "replace a payment",
    Permission.SHIP_ITEMS: "ship and deliver",
    Permission.RECEIVE_INVENTORY: "receive goods",
    Permission.REFUND: "ask for a refund",
    Permission.ANNOUNCE_RETURNS: "announce a return",
    Permission.APPROVE_RETURNS: "approve a return, override its rules or waive its fees",
    Permission.RECEIVE_RETURNS: "receive returned goods",
    Permission.SCAN_RETURNS: "report where a return is",
    Permission.APPROVE_REFUNDS: "approve refunds",
    Permission.BOOK_REFUNDS: "book what was paid outside",
    Permission.WRITE_OFF: "write off",
}
"""What each lets its owner do, in the sequence of an order's life."""


def lacking(permission: Permission) -> str:
    """Why a caller without this permission is refused."""
    return f"You have no permission to {IN_WORDS[permission]} (`{permission}`)."
