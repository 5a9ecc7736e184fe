from order_api.core.errors import BusinessRuleViolated


class OutOfStock(BusinessRuleViolated):
    """The item waits in line for stock."""


class BackorderLimitReached(BusinessRuleViolated):
    """So many wait for this sku already that no more are taken on."""
