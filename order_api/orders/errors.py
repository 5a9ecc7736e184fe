"""Refusals of an order; each name states the fact."""

from order_api.core.errors import BusinessRuleViolated, NotFound, VersionOutdated


class OrderNotFound(NotFound):
    """No such order, or it belongs to a collection or channel that the actor may not see."""


class ItemNotFound(NotFound):
    """No such item, or the actor may not see its order."""


class ParcelNotFound(NotFound):
    """No such parcel of the order."""


class OrderAlreadyShipped(BusinessRuleViolated):
    """A unit has left, so the whole order cannot be canceled."""


class OrderClosed(BusinessRuleViolated):
    """The order is completed or canceled."""


class CalledOff(BusinessRuleViolated):
    """The order is being canceled or undone; the flow that does it ends every other step."""


class CancelRequested(CalledOff):
    """A cancellation was requested, so the order is not processed further."""


class UndoRunning(CalledOff):
    """The undo of the order runs, so the order is not processed further."""


class UnitsNotOpen(BusinessRuleViolated):
    """The request names more units than are open; `shippable` or `cancelable` says how many are."""


class OrderVersionOutdated(VersionOutdated):
    """`If-Match` names an older version; read the order again."""
