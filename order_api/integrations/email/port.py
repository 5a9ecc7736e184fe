"""The role of an e-mail carrier, in our words."""

from email.message import EmailMessage
from typing import Protocol


class EmailCarrier(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hands the message over. Raises OutsideSystemUnavailable when it is not known whether it was taken."""
        ...
