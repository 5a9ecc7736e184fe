"""Why an order is not placed; each name states the fact."""

from order_api.core.errors import BusinessRuleViolated, NotFound, NotProcessable


class CollectionNotFound(NotFound):
    """No such collection, or the actor may not see it."""


class ChannelNotAllowed(NotProcessable):
    """The API key belongs to another channel."""


class StoreNotFound(NotProcessable):
    """The collection has no store with this key."""


class OrderDoesNotAddUp(NotProcessable):
    """The numbers contradict each other; `errors` lists every difference with what was sent and expected."""


class OrderContentInvalid(NotProcessable):
    """The order is well-formed but contradicts itself, apart from money."""


class OrderAlreadyPlaced(BusinessRuleViolated):
    """The channel has sent this external id before; `location` is the order's address."""
