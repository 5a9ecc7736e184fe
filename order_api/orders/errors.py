"""Reasons to refuse a request about an order; each class is named after its reason."""

from order_api.core.errors import BusinessRuleViolated, NotFound, VersionOutdated


class OrderNotFound(NotFound):
    """The order does not exist, or it belongs to a collection or channel that your credential does not cover."""


class ItemNotFound(NotFound):
    """The item does not exist, or your credential does not cover its order."""


class ParcelNotFound(NotFound):
    """The order has no such parcel."""


class OrderAlreadyShipped(BusinessRuleViolated):
    """A unit has left, so the whole order can no longer be canceled."""


class OrderClosed(BusinessRuleViolated):
    """The order is completed or canceled, so it no longer changes."""


class CalledOff(BusinessRuleViolated):
    """The order is being canceled or undone, so its flow ends every other step."""


class CancelRequested(CalledOff):
    """A cancellation of the order was requested, so this call is refused."""


class UndoRunning(CalledOff):
    """The order is being undone, so this call is refused."""


class UnitsNotOpen(BusinessRuleViolated):
    """You named more units than are open, or units that are not. `shippable` or `cancelable` says how many are."""


class OrderVersionOutdated(VersionOutdated):
    """`If-Match` names an older version: the order has changed since. Read the order again, then decide again."""
