from functools import cache

from order_api.integrations.email.port import EmailCarrier
from order_api.integrations.email.smtp import SmtpCarrier


@cache
def carrier() -> EmailCarrier:
    return SmtpCarrier()
