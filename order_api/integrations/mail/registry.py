from functools import cache

from order_api.integrations.mail.port import MailCarrier
from order_api.integrations.mail.smtp import SmtpCarrier


@cache
def carrier() -> MailCarrier:
    return SmtpCarrier()
