from order_api.core.errors import BusinessRuleViolated


class OutOfStock(BusinessRuleViolated):
    """The item is backordered: it waits for stock."""


class BackorderLimitReached(BusinessRuleViolated):
    """The backorders of the sku have reached their limit."""


class ReceiptReferenceUsed(BusinessRuleViolated):
    """The reference was used with another quantity or by another sender."""
