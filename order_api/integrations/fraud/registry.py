from functools import cache

from order_api.integrations.fraud.port import FraudScreener
from order_api.integrations.fraud.rules import FraudRules


@cache
def screener() -> FraudScreener:
    return FraudRules()
