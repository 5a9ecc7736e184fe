from order_api.core.errors import BusinessRuleViolated, NotFound


class ShipmentNotFound(NotFound):
    """The shipment does not exist, or your credential does not cover its order."""


class TrackingNumberUsed(BusinessRuleViolated):
    """The order already has a shipment with this tracking number, with other units in it."""


class TooLate(BusinessRuleViolated):
    """Goods left before they could be recalled, so they are recorded as shipped."""


class ItemNotAtFulfillment(BusinessRuleViolated):
    """The item must not leave: it has not been sent to fulfillment, or it was recalled."""
