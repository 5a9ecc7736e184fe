from order_api.core.errors import BusinessRuleViolated


class PaymentDeclined(BusinessRuleViolated):
    """The gateway declined the request; its answer is final for this try."""


class PaymentMethodReplaced(BusinessRuleViolated):
    """A new means of payment replaced the declined one and has not been tried yet."""


class NoDeclinedPayment(BusinessRuleViolated):
    """Every means of payment of the order works, so there is none to replace."""


class PaymentInProgress(BusinessRuleViolated):
    """The gateway has not answered yet; repeat in a moment."""


class UnitsOutstanding(BusinessRuleViolated):
    """Every shipment is captured, but units of the item are still to ship."""


class NothingShipped(BusinessRuleViolated):
    """Every item was canceled, so the order is given up instead of completed."""


class ShippedUnpaid(BusinessRuleViolated):
    """A shipment is not captured, so the money held for the order must not be released."""


class ItemsStillOpen(BusinessRuleViolated):
    """An order with units neither shipped nor canceled is not fulfilled."""
