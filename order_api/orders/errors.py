"""What an order refuses; each name is the fact."""

from order_api.core.errors import BusinessRuleViolated, NotFound, NotProcessable, VersionOutdated


class OrderNotFound(NotFound):
    """No such order, or it belongs to a collection or channel that the actor was not given."""


class ItemNotFound(NotFound):
    """No such item, or its order is not the actor's."""


class CollectionNotFound(NotFound):
    """No such collection, or not one of the actor's."""


class ChannelNotAllowed(NotProcessable):
    """The API key belongs to another channel."""


class StoreNotFound(NotProcessable):
    """The collection has no store with this key."""


class OrderDoesNotAddUp(NotProcessable):
    """The numbers contradict each other; `errors` lists every difference with what was sent and expected."""


class OrderContentInvalid(NotProcessable):
    """The order is well-formed but contradicts itself, apart from money."""


class FulfillmentTypeNotOffered(NotProcessable):
    """The collection has no flow for this way of getting goods to people."""


class TenderNotOffered(NotProcessable):
    """The collection does not take this means of payment."""


class OrderAlreadyPlaced(BusinessRuleViolated):
    """The channel has sent this external id before; `location` is the order's address."""


class OrderAlreadyShipped(BusinessRuleViolated):
    """A unit has left, so the whole order cannot be canceled."""


class OrderClosed(BusinessRuleViolated):
    """The order is completed or canceled."""


class CancelRequested(BusinessRuleViolated):
    """The order is being canceled, so nothing more is done for it."""


class UnitsNotOpen(BusinessRuleViolated):
    """More units than are still neither shipped nor canceled; `shippable` says how many are left."""


class UnitsShipped(BusinessRuleViolated):
    """Units of a canceled item had left already."""


class OrderVersionOutdated(VersionOutdated):
    """`If-Match` names an older version; read the order again."""
