"""Plain SMTP, as every mail server and mail catcher speaks it."""

import smtplib
from email.message import EmailMessage

from order_api.core.errors import OutsideSystemUnavailable
from order_api.core.outside import CALL_TIMEOUT
from order_api.core.settings import settings


class SmtpCarrier:
    def send(self, message: EmailMessage) -> None:
        try:
            with smtplib.SMTP(settings().smtp_host, settings().smtp_port, timeout=CALL_TIMEOUT) as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise OutsideSystemUnavailable(f"The mail server did not take the mail: {type(error).__name__}.") from error
