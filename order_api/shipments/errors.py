from order_api.core.errors import BusinessRuleViolated, NotFound


class ShipmentNotFound(NotFound):
    """No such shipment, or its order is not the actor's."""


class TrackingNumberUsed(BusinessRuleViolated):
    """The order has a shipment with this carrier and tracking number, but with other units."""


class NotDelivered(BusinessRuleViolated):
    """A parcel of the item is still on its way."""


class NotUnableToShip(BusinessRuleViolated):
    """Fulfillment has the item in hand and reports nothing, or nothing any more."""


class TooLate(BusinessRuleViolated):
    """Goods had left before they could be recalled; they are written down as shipped."""


class ItemNotAtFulfillment(BusinessRuleViolated):
    """The item was not handed to fulfillment, or was taken back: it must not leave."""
