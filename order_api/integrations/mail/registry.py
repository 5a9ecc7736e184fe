from typing import cast

from order_api.core.settings import settings
from order_api.integrations.adapters import Port, adapter
from order_api.integrations.mail.port import MailCarrier


def carrier() -> MailCarrier:
    """The carrier that the setting MAIL_CARRIER names."""
    return cast(MailCarrier, adapter(Port.MAIL, settings().mail_carrier))
