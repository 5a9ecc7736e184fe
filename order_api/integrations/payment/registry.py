from typing import cast

from order_api.integrations.adapters import Port, adapter
from order_api.integrations.payment.port import PaymentGateway


def gateway(tender_type: str) -> PaymentGateway:
    """The gateway for tenders of this type."""
    return cast(PaymentGateway, adapter(Port.PAYMENT, tender_type))
