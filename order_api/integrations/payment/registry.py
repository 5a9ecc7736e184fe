from typing import cast

from order_api.integrations.adapters import Port, adapter, declared, keys
from order_api.integrations.payment.port import PaymentGateway, SendsEvents


def gateway(tender_type: str) -> PaymentGateway:
    """The gateway for tenders of this type."""
    return cast(PaymentGateway, adapter(Port.PAYMENT, tender_type))


def source_of_events(tender_type: str) -> SendsEvents | None:
    """The gateway for tenders of this type, if it sends messages; None for an unknown type, too."""
    if tender_type not in keys(Port.PAYMENT) or not declared(Port.PAYMENT, tender_type, "sends_events", False):
        return None
    return cast(SendsEvents, adapter(Port.PAYMENT, tender_type))
