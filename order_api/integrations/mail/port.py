"""The port of a mail carrier, in our words."""

from email.message import EmailMessage
from typing import Protocol


class MailRefused(Exception):
    """This mail will never be taken, however often it is sent. The message says why, without a name or an address:
    logs keep it."""


class MailCarrier(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hands the message over. Raises MailRefused when the answer is final for this mail, and
        OutsideSystemUnavailable when it is not, or when it is not known whether the mail was taken."""
        ...
