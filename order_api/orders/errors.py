"""What an order refuses; each name is the fact."""

from order_api.core.errors import BusinessRuleViolated, NotFound, VersionOutdated


class OrderNotFound(NotFound):
    """No such order, or it belongs to a collection or channel that the actor was not given."""


class ItemNotFound(NotFound):
    """No such item, or its order is not the actor's."""


class OrderAlreadyShipped(BusinessRuleViolated):
    """A unit has left, so the whole order cannot be canceled."""


class OrderClosed(BusinessRuleViolated):
    """The order is completed or canceled."""


class CancelRequested(BusinessRuleViolated):
    """A cancellation was asked for, so nothing more is done for the order."""


class UndoRunning(BusinessRuleViolated):
    """What was done for the order is being undone, so nothing more is done for it."""


class UnitsNotOpen(BusinessRuleViolated):
    """More units than are still neither shipped nor canceled; `shippable` says how many are left."""


class UnitsShipped(BusinessRuleViolated):
    """Units of a canceled item had left already."""


class OrderVersionOutdated(VersionOutdated):
    """`If-Match` names an older version; read the order again."""
