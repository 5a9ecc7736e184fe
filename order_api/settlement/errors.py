from order_api.core.errors import BusinessRuleViolated


class ItemsStillOpen(BusinessRuleViolated):
    """The order has units that are neither shipped nor canceled, so it cannot be closed."""
