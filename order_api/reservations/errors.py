from order_api.core.errors import BusinessRuleViolated, NotProcessable


class OutOfStock(BusinessRuleViolated):
    """The item is backordered: it waits for stock. The order goes on by itself when stock arrives."""


class BackorderLimitReached(BusinessRuleViolated):
    """The units would exceed the sku's backorder limit, so the item does not wait for stock."""


class ReceiptReferenceUsed(BusinessRuleViolated):
    """You have sent another receipt with this reference and other content. Send a new reference."""


class LocationNotYours(NotProcessable):
    """Store staff receive goods at their own stores only."""
