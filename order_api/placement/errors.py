"""Reasons to refuse a new order; each class is named after its reason."""

from order_api.core.errors import BusinessRuleViolated, NotFound, NotProcessable


class CollectionNotFound(NotFound):
    """The collection does not exist, or your credential does not cover it."""


class ChannelNotAllowed(NotProcessable):
    """Your API key belongs to another channel."""


class StoreNotFound(NotProcessable):
    """The collection has no store with this key."""


class OrderDoesNotAddUp(NotProcessable):
    """The amounts contradict each other. `errors` lists every difference with what was sent and expected."""


class OrderContentInvalid(NotProcessable):
    """The order is well formed, but something other than its amounts is wrong. `errors` lists where."""


class OrderAlreadyPlaced(BusinessRuleViolated):
    """The channel has sent this `external_id` before. `location` is the address of that order."""
