from order_api.core.errors import BusinessRuleViolated, NotFound


class ShipmentNotFound(NotFound):
    """No such shipment, or the actor may not see its order."""


class TrackingNumberUsed(BusinessRuleViolated):
    """The order already has a shipment with this carrier and tracking number, but with other units."""


class TooLate(BusinessRuleViolated):
    """Goods left before they could be recalled; they are recorded as shipped."""


class ItemNotAtFulfillment(BusinessRuleViolated):
    """The item was not handed to fulfillment, or was recalled, so it must not leave."""
