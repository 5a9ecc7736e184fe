from order_api.core.errors import BusinessRuleViolated


class OutOfStock(BusinessRuleViolated):
    """The item is backordered: it waits for stock. The order goes on by itself when stock arrives."""


class BackorderLimitReached(BusinessRuleViolated):
    """The units would exceed the sku's backorder limit, so the item does not wait for stock."""


class ReceiptReferenceUsed(BusinessRuleViolated):
    """Another receipt has this reference: by another sender, or with other content. Send a new reference."""
