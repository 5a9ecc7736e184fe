"""Plain SMTP, which every mail server and mail catcher accepts."""

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
                # Drops the cause, which names the recipient.
                raise MailRefused(f"The mail server refused this mail for good, with code {code}.") from None
            raise OutsideSystemUnavailable(f"The mail server did not take the mail: {type(error).__name__}.") from error


def _answer_to_this_mail(error: OSError) -> int | None:
    """The code if the server refused this mail's recipient or content; otherwise None. A refusal of our sender address
    or connection concerns every mail: it is a settings problem, so the mails wait until it is fixed."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, smtplib.SMTPDataError) else None
