from order_api.core.errors import BusinessRuleViolated


class PaymentDeclined(BusinessRuleViolated):
    """The gateway declined the request; its answer is final for this try."""


class NoDeclinedPayment(BusinessRuleViolated):
    """Every means of payment of the order works, so there is none to replace."""


class PaymentInProgress(BusinessRuleViolated):
    """The gateway has not answered yet; repeat in a moment."""


class ShippedUnpaid(BusinessRuleViolated):
    """A shipment is not captured, so the money held for the order must not be released."""
