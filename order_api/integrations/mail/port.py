"""The port of a mail carrier, in our words."""

from email.message import EmailMessage
from typing import Protocol


class MailRefused(Exception):
    """The carrier will never accept this mail. The message says why, without a name or an address, because it is
    logged."""


class MailCarrier(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hands the message over. Raises MailRefused if the carrier refuses this mail for good, and
        OutsideSystemUnavailable if a retry may help or the outcome is unknown."""
        ...
