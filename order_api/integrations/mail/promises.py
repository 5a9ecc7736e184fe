"""What every mail carrier promises (integrations/mail/port.py).

Subclass `MailCarrierPromises` with these fixtures: a `carrier` whose mails arrive in `mailbox`, one that is
`out_of_reach`, one that `refuses` for now, and one that `refuses_for_good` all mails to ada@example.com.
"""

from email.message import EmailMessage
from typing import Protocol
from uuid import uuid4

import pytest

from order_api.core.errors import OutsideSystemUnavailable
from order_api.integrations.mail.port import MailCarrier, MailRefused


class Mailbox(Protocol):
    """The mails that arrived, oldest first, each as Message-ID, recipient and subject."""

    mails: list[tuple[str, str, str]]


def mail(recipient: str = "ada@example.com") -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = f"<{uuid4()}@order-service>"
    message["From"], message["To"], message["Subject"] = "orders@example.com", recipient, "Your order 4711 – thank you"
    message.set_content("Grüße aus dem Lager.")
    return message


class MailCarrierPromises:
    def test_a_mail_arrives_under_its_own_message_id(self, carrier: MailCarrier, mailbox: Mailbox) -> None:
        message = mail()

        carrier.send(message)

        assert [(number, to) for number, to, _ in mailbox.mails] == [(message["Message-ID"], "ada@example.com")]

    def test_a_mail_sent_twice_keeps_its_message_id(self, carrier: MailCarrier, mailbox: Mailbox) -> None:
        message = mail()

        carrier.send(message)
        carrier.send(message)

        assert {number for number, _, _ in mailbox.mails} == {message["Message-ID"]}

    def test_a_server_out_of_reach_leaves_the_outcome_unknown(self, out_of_reach: MailCarrier) -> None:
        with pytest.raises(OutsideSystemUnavailable):
            out_of_reach.send(mail())

    def test_a_temporary_refusal_allows_a_retry(self, refuses: MailCarrier) -> None:
        with pytest.raises(OutsideSystemUnavailable):
            refuses.send(mail())

    def test_a_final_refusal_does_not_name_the_recipient(self, refuses_for_good: MailCarrier) -> None:
        with pytest.raises(MailRefused) as refused:
            refuses_for_good.send(mail())

        assert "ada" not in str(refused.value)
