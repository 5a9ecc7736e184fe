from functools import cache

from order_api.integrations.payment.port import PaymentGateway
from order_api.integrations.payment.simulator import PaymentSimulator


@cache
def gateway() -> PaymentGateway:
    return PaymentSimulator()
