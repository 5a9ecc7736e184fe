"""Plain SMTP keeps the promises of the e-mail port."""

from collections.abc import Callable, Iterator

import pytest

from deploy.local.ports import free_port
from order_api.core.errors import OutsideSystemUnavailable
from order_api.integrations.mail.port import MailCarrier
from order_api.integrations.mail.promises import MailCarrierPromises, mail
from order_api.integrations.mail.registry import carrier as configured
from order_api.integrations.mail.smtp import SmtpCarrier
from tests.fixtures.mail_servers import refusing_mail_server
from tests.fixtures.system import Mailbox, mail_catcher

LeadTo = Callable[[int], None]


@pytest.fixture
def caught(system_env: dict[str, str]) -> Iterator[tuple[Mailbox, int]]:
    with mail_catcher() as caught:
        yield caught


@pytest.fixture
def mailbox(caught: tuple[Mailbox, int]) -> Mailbox:
    return caught[0]


class TestSmtp(MailCarrierPromises):
    @pytest.fixture
    def carrier(self, caught: tuple[Mailbox, int], mail_server_at: LeadTo) -> MailCarrier:
        mail_server_at(caught[1])
        return SmtpCarrier()

    @pytest.fixture
    def out_of_reach(self, mail_server_at: LeadTo) -> MailCarrier:
        mail_server_at(free_port())
        return SmtpCarrier()

    @pytest.fixture(params=[("DATA", "452 The disk is full"), ("RCPT", "450 <ada@example.com> is busy")])
    def refuses(self, mail_server_at: LeadTo, request: pytest.FixtureRequest) -> Iterator[MailCarrier]:
        with refusing_mail_server(*request.param) as port:
            mail_server_at(port)
            yield SmtpCarrier()

    @pytest.fixture(
        params=[("DATA", "554 ada@example.com wants no such mail"), ("RCPT", "550 Who is ada@example.com?")]
    )
    def refuses_for_good(self, mail_server_at: LeadTo, request: pytest.FixtureRequest) -> Iterator[MailCarrier]:
        with refusing_mail_server(*request.param) as port:
            mail_server_at(port)
            yield SmtpCarrier()


def test_a_server_that_refuses_our_own_address_has_said_nothing_final_about_the_mail(mail_server_at: LeadTo) -> None:
    """The settings are wrong for all mails, and the mails go out once the settings are fixed."""
    with refusing_mail_server("MAIL", "530 Authenticate first") as port:
        mail_server_at(port)

        with pytest.raises(OutsideSystemUnavailable):
            SmtpCarrier().send(mail())


def test_smtp_is_the_carrier_unless_another_is_configured() -> None:
    assert isinstance(configured(), SmtpCarrier)
