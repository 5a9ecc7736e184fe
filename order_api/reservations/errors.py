from order_api.core.errors import BusinessRuleViolated


class OutOfStock(BusinessRuleViolated):
    """The item waits in line for stock."""


class BackorderLimitReached(BusinessRuleViolated):
    """As many units of the sku as allowed wait in line already."""


class ReceiptReferenceUsed(BusinessRuleViolated):
    """This reference has brought another quantity, or another sender has used it."""
