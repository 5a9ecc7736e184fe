from typing import cast

from order_api.core.settings import settings
from order_api.integrations.adapters import Port, adapter
from order_api.integrations.fraud.port import FraudScreener


def screener() -> FraudScreener:
    """The screener that the setting FRAUD_SCREENER names."""
    return cast(FraudScreener, adapter(Port.FRAUD, settings().fraud_screener))
