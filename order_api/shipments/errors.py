from order_api.core.errors import BusinessRuleViolated, NotFound


class ShipmentNotFound(NotFound):
    """No such shipment, or the actor may not see its order."""


class TrackingNumberUsed(BusinessRuleViolated):
    """The order already has a shipment with this carrier and tracking number, but with other units."""


class NotDelivered(BusinessRuleViolated):
    """A parcel of the item is still on its way."""


class NotUnableToShip(BusinessRuleViolated):
    """Fulfillment has the item and no report is open."""


class TooLate(BusinessRuleViolated):
    """Goods left before they could be recalled; they are recorded as shipped."""


class ItemNotAtFulfillment(BusinessRuleViolated):
    """The item was not handed to fulfillment, or was recalled, so it must not leave."""
