from order_api.core.errors import BusinessRuleViolated


class PaymentDeclined(BusinessRuleViolated):
    """The gateway said no, and its no is final for this try."""


class PaymentMethodReplaced(BusinessRuleViolated):
    """A new means of payment took the place of the declined one and was not tried yet."""


class NoDeclinedPayment(BusinessRuleViolated):
    """Every means of payment of the order works, so there is none to replace."""


class PaymentInProgress(BusinessRuleViolated):
    """The gateway has not answered yet; repeat in a moment."""


class UnitsOutstanding(BusinessRuleViolated):
    """All that left is captured, but units of the item are still to ship."""


class NothingShipped(BusinessRuleViolated):
    """Every item was canceled, so the order is not completed but given up."""


class ShippedUnpaid(BusinessRuleViolated):
    """Goods that left are not paid, so none of the money held for the order is released."""


class ItemsStillOpen(BusinessRuleViolated):
    """An order with units neither shipped nor canceled is not fulfilled."""
