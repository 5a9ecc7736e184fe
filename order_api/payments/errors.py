from order_api.core.errors import BusinessRuleViolated


class PaymentDeclined(BusinessRuleViolated):
    """The gateway declined the payment. Another try or another card may succeed."""


class PaymentExpired(BusinessRuleViolated):
    """An authorization has expired, so money must be held again before more goods are released."""


class NoDeclinedPayment(BusinessRuleViolated):
    """No payment of the order is declined, so there is none to replace."""


class PaymentInProgress(BusinessRuleViolated):
    """The gateway has not answered an earlier request yet. Repeat the call in a moment."""


class ShippedUnpaid(BusinessRuleViolated):
    """A shipment is not captured yet, so the money held for the order must not be released."""
