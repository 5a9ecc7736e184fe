from order_api.core.errors import BusinessRuleViolated


class OutOfStock(BusinessRuleViolated):
    """The item waits in line for stock."""


class BackorderLimitReached(BusinessRuleViolated):
    """The line of the sku is full."""


class ReceiptReferenceUsed(BusinessRuleViolated):
    """The reference was used with another quantity or by another sender."""
