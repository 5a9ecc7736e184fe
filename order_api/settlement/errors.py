from order_api.core.errors import BusinessRuleViolated


class ItemsStillOpen(BusinessRuleViolated):
    """An order with units neither shipped nor canceled is not fulfilled."""
