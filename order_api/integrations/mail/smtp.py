"""Plain SMTP, as every mail server and mail catcher speaks it."""

import smtplib
from email.message import EmailMessage

from order_api.core.errors import OutsideSystemUnavailable
from order_api.core.outside import CALL_TIMEOUT
from order_api.core.settings import settings
from order_api.integrations.mail.port import MailRefused

FINAL = range(500, 600)


class SmtpCarrier:
    def send(self, message: EmailMessage) -> None:
        try:
            with smtplib.SMTP(settings().smtp_host, settings().smtp_port, timeout=CALL_TIMEOUT) as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            if (code := _answer_to_this_mail(error)) in FINAL:
                # The cause names the recipient.
                raise MailRefused(f"The mail server refused it for good, with code {code}.") from None
            raise OutsideSystemUnavailable(f"The mail server did not take the mail: {type(error).__name__}.") from error


def _answer_to_this_mail(error: OSError) -> int | None:
    """To its recipient or its content. What a server says of our own address, or of us, it says of every mail: that
    is a matter of settings, and the mails wait until it is mended."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, smtplib.SMTPDataError) else None
